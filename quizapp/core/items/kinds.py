"""The neutral item: one frozen dataclass per kind of question, whatever file or editor it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

StemFormat = Literal["plain", "markdown", "html"]
Bloom = Literal["", "remember", "understand", "apply", "analyse", "evaluate", "create"]
ChoicePolicy = Literal["all_or_nothing", "partial", "right_minus_wrong"]

TRUE_FALSE_IDS = ("true", "false")


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice; weight is its credit, 1 for the key of a single choice, and feedback says why it is right or wrong."""

    id: str
    text: str
    weight: float = 0.0
    feedback: str = ""
    misconception: str = ""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """An answer that earns credit: a text, a number with its tolerance, or a range from min to max.

    The tolerance is an amount, or relative to the number as a share of it.
    """

    text: str | None = None
    number: float | None = None
    tolerance: float | None = None
    relative_tolerance: float | None = None
    min: float | None = None
    max: float | None = None
    weight: float = 1.0
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Another unit that a number may be given in; one of it is `factor` of the question's own."""

    name: str
    factor: float


@dataclass(frozen=True, kw_only=True)
class Level:
    """How well an essay may meet a criterion, in words, and the points for it."""

    text: str
    points: float


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What an essay is marked by, with two levels or more."""

    text: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One hole of a cloze; typed gaps use accepted, choice gaps use options."""

    kind: Literal["typed", "choice"]
    accepted: tuple[Accepted, ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A left side and the right side that belongs to it; without a left side it is a distractor."""

    left: str | None = None
    right: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A verbatim quote from the passage; start and end count Unicode code points of the stored text."""

    quote: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture or a sound that belongs to the stem; what is nothing but a name, as of another program, is not shown.

    `name` is the name it is stored under. `alt` says what a picture shows, or what is said in a sound; a decorative
    picture adds nothing to the question and has none. `width` and `height` are those of a picture, in pixels.
    """

    name: str
    kind: Literal["", "image", "audio"] = ""
    alt: str = ""
    is_decorative: bool = False
    width: int = 0
    height: int = 0


@dataclass(frozen=True, kw_only=True)
class Item:
    """What every kind has; feedback is the explanation, enemies are external ids of items that give this one away."""

    kind: ClassVar[str]

    stem: str
    title: str = ""
    stem_format: StemFormat = "plain"
    topic: str = ""
    tags: tuple[str, ...] = ()
    bloom: Bloom = ""
    feedback: str = ""
    hints: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    external_id: str = ""
    source: str = ""
    enemies: tuple[str, ...] = ()
    max_mark: float = 1.0
    penalty: float = 0.0
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SingleChoice(Item):
    """Options of which exactly one has weight 1."""

    kind = "single_choice"
    options: tuple[Option, ...]
    shuffle_options: bool = True


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(Item):
    """Options whose positive weights sum to 1; negative weights take credit away."""

    kind = "multiple_choice"
    options: tuple[Option, ...]
    shuffle_options: bool = True
    choice_policy: ChoicePolicy = "partial"


@dataclass(frozen=True, kw_only=True)
class TrueFalse(Item):
    """A statement with the two options “true” and “false”."""

    kind = "true_false"
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class ShortAnswer(Item):
    """A typed answer; in an accepted text an asterisk stands for anything."""

    kind = "short_answer"
    accepted: tuple[Accepted, ...]


@dataclass(frozen=True, kw_only=True)
class Numeric(Item):
    """A typed number; `unit_credit` is the share that a right number keeps without its unit or in an unknown one.

    At 1 the unit is shown and need not be typed; below 1 it is part of the answer.
    """

    kind = "numeric"
    accepted: tuple[Accepted, ...]
    unit: str = ""
    units: tuple[Unit, ...] = ()
    unit_credit: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Cloze(Item):
    """A stem with the gaps {{1}}, {{2}} …, one entry of gaps each."""

    kind = "cloze"
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, kw_only=True)
class Matching(Item):
    """Left sides to be joined to their right sides."""

    kind = "matching"
    pairs: tuple[Pair, ...]
    shuffle_options: bool = True


@dataclass(frozen=True, kw_only=True)
class Ordering(Item):
    """Entries to be put in order; order holds them in the right one."""

    kind = "ordering"
    order: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Essay(Item):
    """A long answer that a teacher marks by the criteria; the rubric says in words what to look for."""

    kind = "essay"
    rubric: str = ""
    criteria: tuple[Criterion, ...] = ()
    answer: str = ""  # a model of one, shown with the rubric


@dataclass(frozen=True, kw_only=True)
class Flashcard(Item):
    """A front (the stem) and a back (the answer), rated by the learner."""

    kind = "flashcard"
    answer: str
    is_reversible: bool = False


@dataclass(frozen=True, kw_only=True)
class Description(Item):
    """Text between questions; asks nothing."""

    kind = "description"


KINDS: dict[str, type[Item]] = {
    item_class.kind: item_class
    for item_class in (
        SingleChoice,
        MultipleChoice,
        TrueFalse,
        ShortAnswer,
        Numeric,
        Cloze,
        Matching,
        Ordering,
        Essay,
        Flashcard,
        Description,
    )
}
