"""From a clause to a question: the verb turned round, what is asked for taken out, and guards on what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.generation.clauses import Clause
from quizapp.core.generation.phrases import ADJECTIVES, FINITE, joined_phrase
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.texts import Token
from quizapp.core.linting.wording import VAGUE_HEADS, is_content, word_set

_DISCOURSE = word_set("""
    also then therefore thus hence too finally however again even instead all both indeed moreover meanwhile
    consequently accordingly since already nevertheless nonetheless otherwise furthermore conversely
    similarly additionally
    likewise notably worse afterwards initially subsequently first second third once now later just only
    """)
_DISCOURSE_PHRASES = frozenset(
    {"for instance", "for example", "by contrast", "in contrast", "in fact", "of course", "in addition", "in turn",
     "after all", "at first", "at last", "in particular", "in general", "above all", "as well"}
)  # fmt: skip
_TIME = word_set("""
    january february march april may june july august september october november december spring summer autumn winter
    year years month months day days week weeks hour hours minute minutes century beginning end time times night
    morning season once
    """)
_CIRCUMSTANCES = word_set("when while before after until if unless because since as once so")
_LONGEST = 24
_ATTACHED = word_set("of for from to with in on between about against among like such")

_POINTING = word_set("""
    this these that those such other another here there latter former same else one ones more less further next
    """)
_PERSONAL = word_set("it him them her us me you he she they we i our your my himself herself themselves itself")
_END_TAGS = frozenset({"PRP", "PRF", "CJS", "CJC", "CJT", "AT0", "TO0", "DPS", "DTQ", "PNQ", "AVQ"})
VAGUE_NOUNS = VAGUE_HEADS | word_set("""
    way ways deal lot lots kind sort case cases idea ideas story thing things step steps end fact example examples
    place places time times people person something anything everything one ones body means amount number level
    process system change changes effect effects work use form forms name group set range point points
    """)


@dataclass(frozen=True)
class Chunk:
    """A piece of what follows the verb: np, pp, adverb, adjective, infinitive, that or other; [start, end)."""

    kind: str
    start: int
    end: int
    is_modified: bool = False  # a relative clause or participle belongs to it


def chunks(rest: Sequence[Token]) -> list[Chunk]:
    """Cut what follows a verb into pieces; infinitives, “that” clauses and what modifies a noun run to the end."""
    found: list[Chunk] = []
    place = 0
    while place < len(rest):
        chunk = _chunk(rest, place)
        found.append(chunk)
        place = chunk.end
    return found


def _chunk(rest: Sequence[Token], place: int) -> Chunk:  # noqa: PLR0911  # a guard a line
    token = rest[place]
    if token.tag == "TO0":
        return Chunk("infinitive", place, len(rest))
    if token.tag in {"CJT", "DTQ", "PNQ", "AVQ", "CJS"}:
        return Chunk("that", place, len(rest))
    if token.tag in {"PRP", "PRF"}:
        after = place + 1
        while after < len(rest) and (rest[after].tag == "PRP" or (rest[after].tag == "AV0" and after + 1 < len(rest))):
            after += 1
        phrase = joined_phrase(rest, after)
        if phrase is None:
            return Chunk("other", place, len(rest) if after < len(rest) and rest[after].tag == "VVG" else after)
        return _modified("pp", rest, place, phrase.end)
    phrase = joined_phrase(rest, place)
    if phrase is not None:
        return _modified("np", rest, place, phrase.end)
    if token.tag in ADJECTIVES:
        return Chunk("adjective", place, place + 1)
    if token.tag in {"AV0", "AVP"}:
        return Chunk("adverb", place, place + 1)
    if token.tag in {"VVG", "VVN"}:
        return Chunk("participle", place, len(rest))
    return Chunk("other", place, place + 1)


def _modified(kind: str, rest: Sequence[Token], start: int, end: int) -> Chunk:
    if end < len(rest) and rest[end].tag in {"CJT", "PNQ", "DTQ", "VVN", "VVG", "VVD", "TO0"}:
        return Chunk(kind, start, len(rest), is_modified=True)
    return Chunk(kind, start, end)


def inverted(read: Read) -> tuple[str, str] | None:
    """Return the auxiliary of a question and the verbs that follow the subject in it; None where it can't be told."""
    clause = read.clause
    first, *others = clause.verbs
    words = [token.lower for token in others]
    if clause.kind == "imperative":
        return "should", first.lower
    if clause.kind == "reduced":
        be = {"one": ("is", "was"), "many": ("are", "were")}.get(read.number, ("is", "was"))
        return be[_is_past(clause)], first.lower
    if first.tag[:2] in {"VM", "VB"} or (first.tag[:2] == "VH" and others):
        return first.lower, " ".join(words)
    if first.tag[:2] == "VD" and others:
        return first.lower, " ".join(words)
    do = {"Z": "does", "B": "do", "D": "did"}.get(first.tag[2])
    if do is None or not first.lemma.isalpha():
        return None
    return do, " ".join([first.lemma.lower(), *words])


def asked(
    reading: Reading,
    read: Read,
    wh: str,
    taken: tuple[int, int] | None = None,
    *,
    after_verb: str = "",
    keeps_front: bool = True,
) -> str | None:
    """Return “wh aux subject verb rest” without the taken piece of the rest; None where it would not stand."""
    turned = inverted(read)
    clause = read.clause
    if turned is None or clause.is_negated or _has_loose_adverb(clause):
        return None
    auxiliary, verb = turned
    rest = list(clause.rest)
    left = [*rest[: taken[0]], *rest[taken[1] :]] if taken else rest
    tail = trailing(reading, read, keeps_front=keeps_front)
    if tail is None or not stands(read, left):
        return None
    parts = [
        wh,
        auxiliary,
        read.subject,
        *_kept_adverbs(clause),
        verb,
        after_verb,
        reading.passage.words_of(left),
        tail,
    ]
    question = tidy(" ".join(part for part in parts if part))
    return question if len(question.split()) <= _LONGEST else None


def with_attached(rest: Sequence[Token], pieces: Sequence[Chunk], index: int) -> Chunk:
    """Return a piece with the prepositions after it that may belong to it: all but those of time and circumstance."""
    piece = pieces[index]
    end, is_modified = piece.end, piece.is_modified
    for following in pieces[index + 1 :]:
        if following.kind != "pp" or rest[following.start].lower not in _ATTACHED:
            break
        if any(token.lower in _TIME or token.tag == "CRD" for token in rest[following.start : following.end]):
            break
        end, is_modified = following.end, is_modified or following.is_modified
    return Chunk(piece.kind, piece.start, end, is_modified)


def statement(reading: Reading, read: Read) -> str | None:
    """Return the clause as a statement: subject, verbs, rest, and what stood before the subject at the end."""
    clause = read.clause
    tail = trailing(reading, read)
    if clause.tails and clause.tails[0].word in _CIRCUMSTANCES:
        return None
    if tail is None or not stands(read, clause.rest) or clause.is_negated:
        return None
    said = predicate(reading, read)
    return tidy(" ".join(part for part in (read.subject, said, tail) if part)) if said else None


def predicate(reading: Reading, read: Read, taken: tuple[int, int] | None = None) -> str | None:
    """Return the verbs with their adverbs and the rest, as they follow a subject or “who”."""
    clause = read.clause
    rest = list(clause.rest)
    left = [*rest[: taken[0]], *rest[taken[1] :]] if taken else rest
    if clause.is_negated or not stands(read, left) or _has_loose_adverb(clause):
        return None
    verbs = [token.lower for token in clause.verbs]
    if clause.kind in {"reduced", "imperative"}:
        turned = inverted(read)
        verbs = list(turned) if turned else verbs
    adverbs = _kept_adverbs(clause)
    if len(verbs) > 1 or clause.verbs[0].tag[:2] == "VB":
        ordered = [verbs[0], *adverbs, *verbs[1:]]
    else:
        ordered = [*adverbs, *verbs]
    return tidy(" ".join([*ordered, reading.passage.words_of(left)]))


def trailing(reading: Reading, read: Read, *, keeps_front: bool = True) -> str | None:
    """Return what stood before the subject as it follows the clause; None when it points elsewhere."""
    clause = read.clause
    parts = []
    front = [token for token in clause.front if token.lower not in _DISCOURSE]
    if " ".join(token.lower for token in front[:2]) in _DISCOURSE_PHRASES:
        front = front[2:]
    if front and keeps_front:
        if any(token.lower in _POINTING | _PERSONAL or token.tag == "DPS" for token in front):
            if front[0].lower != "during":
                return None
            front = []
        if front and front[0].tag == "AV0" and not any(token.tag in {"PRP", "CRD"} for token in front):
            front = []
        if front and front[0].lower in {"among", "unlike", "like", "despite", "besides", "instead"}:
            return None
        if front:
            parts.append(_lowered(reading, front))
    if clause.condition:
        if any(token.lower in _POINTING | _PERSONAL for token in clause.condition):
            return None
        if clause.condition[0].lower in {"although", "though", "while", "whereas", "because", "since"}:
            return " ".join(parts)
        parts.append(_lowered(reading, clause.condition))
    return " ".join(parts)


def stands(read: Read, tokens: Sequence[Token]) -> bool:  # noqa: PLR0911  # a guard a line
    """Say whether what is left of the rest can stand: no pronoun that points elsewhere, nothing cut off."""
    if tokens and tokens[0].lower == "any":
        return False
    if tokens and (tokens[0].tag == "PRF" or tokens[0].lower in {"like", "such", "including", "than"}):
        return False
    if any(" ".join(t.lower for t in tokens[i : i + 2]) in _DISCOURSE_PHRASES for i in range(len(tokens))):
        return False
    if tokens and (
        tokens[-1].tag in _END_TAGS
        or tokens[-1].lower
        in {
            "more",
            "less",
            "such",
            "than",
            "as",
            "even",
            "only",
            "just",
            "especially",
            "partly",
            "mainly",
            "too",
            "also",
        }
    ):
        return False
    for place, token in enumerate(tokens):
        after = tokens[place + 1 :]
        if (
            token.lower == "that"
            and after
            and after[0].tag in {"NN1", "NN2"}
            and not any(t.tag in FINITE for t in after)
        ):
            return False
        if token.tag == "PNI" or (token.lower == "one" and place == len(tokens) - 1):
            return False
        if token.lower in _PERSONAL or (
            token.lower in _POINTING and token.tag not in {"CJT", "PNQ"} and token.lower not in {"more", "less", "one"}
        ):
            return False
        if token.tag == "DPS":
            fits = {
                "its": read.number in {"one", ""} and not read.is_person,
                "their": read.number in {"many", ""},
                "his": read.is_person and read.number == "one",
                "her": read.is_person and read.number == "one",
            }
            if not fits.get(token.lower, False):
                return False
        if token.tag == "EX0" or (token.text == "," and place == len(tokens) - 1):
            return False
    return True


def tidy(text: str) -> str:
    """Return a text with single spaces and none before marks."""
    text = re.sub(r"\s+", " ", text).strip(" ,")
    return re.sub(r"\s+([,.;])", r"\1", text)


def content_count(text: str) -> int:
    """Return how many words of a text carry matter."""
    return sum(is_content(word) for word in re.findall(r"[\w’'-]+", text.lower()))


def _has_loose_adverb(clause: Clause) -> bool:
    """Say whether an adverb before “is” may belong to the subject: “the village downstream is …”."""
    if clause.verbs[0].tag[:2] != "VB":
        return False
    loose = [token for token in clause.adverbs if token.start < clause.verbs[0].start]
    return any(token.lower not in _DISCOURSE and not token.lower.endswith("ly") for token in loose)


def _kept_adverbs(clause: Clause) -> list[str]:
    return [token.lower for token in clause.adverbs if token.lower not in _DISCOURSE]


def _is_past(clause: Clause) -> bool:
    sentence = clause.sentence
    if any(re.fullmatch(r"1\d{3}|20\d\d", token.text) for token in clause.rest):
        return True
    return any(token.tag in {"VVD", "VBD", "VHD"} for token in sentence.tokens)


def _lowered(reading: Reading, tokens: Sequence[Token]) -> str:
    return reading.say(tokens)
