"""Gates G5, G6 and G11: options that are twins or of another make, open marks, a before a vowel, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from quizapp.core.formatting import unreadable_formulas
from quizapp.core.grading.spelling import one_spelling
from quizapp.core.grading.wording import plain_words
from quizapp.core.items import Flashcard, Item, Matching, Ordering, ShortAnswer
from quizapp.core.linting.findings import Finding, gate
from quizapp.core.linting.subjects import Choices, Subject
from quizapp.core.linting.wording import quoted, straight

_ALIASES = {
    alias: names[0]
    for names in (
        ("united nations", "un"),
        ("united states", "us", "usa", "united states of america", "america"),
        ("united kingdom", "uk", "britain", "great britain"),
        ("european union", "eu"),
        ("north atlantic treaty organization", "nato", "north atlantic alliance"),
        ("soviet union", "ussr"),
        ("world health organization", "who"),
        ("russia", "russian federation"),
        ("second world war", "world war 2", "world war two", "world war ii"),
        ("1st world war", "first world war", "world war 1", "world war one", "world war i"),
    )
    for alias in names
}
_FORMS = (
    ("to and a verb", re.compile(r"to [a-z]+", re.IGNORECASE)),
    ("“by …ing”", re.compile(r"by [a-z]+ing\b", re.IGNORECASE)),
    ("“because”", re.compile(r"because\b", re.IGNORECASE)),
    ("“if”", re.compile(r"(?:if|unless)\b", re.IGNORECASE)),
    ("“that”", re.compile(r"that\b", re.IGNORECASE)),
)
_ARTICLE = re.compile(r"(?:an?|the)\b", re.IGNORECASE)
_NAME_AFTER_ARTICLE = re.compile(r"the [A-Z]")
_ACRONYM = re.compile(r"[A-Z0-9]{2,}")
_INTERVAL = re.compile(r"[\[(]\s*[-−+]?[\d.]+\s*[,;][^()\[\]]*[\])]")
_LIST_MARK = re.compile(r"(?:^|(?<=\s))(?:\d{1,2}|[a-zA-Z])\)")
_WRONG_A = re.compile(
    r"\ba (?=[aeio](?!n?e\b|nce\b|ne-|u(?:ro|ph)|we)|u(?:gly|lt|m[bp]|n(?!i|an)|p|rg|s(?!e|u|a)))[a-z]+"
)
_WRONG_AN = re.compile(
    r"\ban (?!hour|honest|honou?r|heir|histor|x-)(?:[bcdfghjklmnpqrstvwxyz][a-z]|one\b|uni[a-z]|eu)[a-z]*"
)


def equal_options(subject: Subject) -> Iterator[Finding]:
    """Find options that say the same, by spelling, number words or another name (G5)."""
    for group in subject.choices:
        said = [(_folded(option.text), option) for option in group.options]
        for (one, first), (other, second) in combinations(said, 2):
            if one == other:
                message = f"{quoted([first.text])} and {quoted([second.text])} say the same. Change one."
                yield gate("equal-options", message, group.target_of(second))


def capitals(subject: Subject) -> Iterator[Finding]:
    """Find options of which some begin with a capital and some don't, names apart (G6)."""
    for group in subject.choices:
        firsts = [option.text.lstrip("“\"'‘(") for option in group.options]
        small = [text for text in firsts if text[:1].islower()]
        large = [text for text in firsts if text[:1].isupper() and not _may_be_name(text, subject)]
        if small and large:
            message = f"{quoted(large[:1])} begins with a capital, {quoted(small[:1])} does not. Write all alike."
            yield gate("uneven-options", message, group.target)


def forms(subject: Subject) -> Iterator[Finding]:
    """Find options of different make: “to …” beside “because …”, or an article that only the key has or lacks (G6)."""
    if not subject.is_english:
        return
    for group in subject.choices:
        made = [next((name for name, form in _FORMS if form.match(option.text)), "") for option in group.options]
        marked = [name for name in made if name]
        if marked and len(set(made)) > 1:
            odd = group.options[made.index("" if "" in made else marked[-1])].text
            message = f"Some answers begin with {marked[0]}, {quoted([odd])} does not. Make all alike."
            yield gate("uneven-options", message, group.target)
        elif text := _lone_article(group):
            message = f"{quoted([text])} alone begins with or without an article. Make all answers alike."
            yield gate("uneven-options", message, group.target)


def open_marks(subject: Subject) -> Iterator[Finding]:
    """Find quotation marks and brackets that are not closed, or closed and never opened (G11)."""
    for text, target in _texts(subject.item, subject):
        mark = _open_mark(text)
        if mark:
            yield gate("open-mark", f"{quoted([mark])} has no partner in {quoted([text])}. Close or drop it.", target)


def articles(subject: Subject) -> Iterator[Finding]:
    """Find “a” before a vowel and “an” before a consonant (G11)."""
    if not subject.is_english:
        return
    for text, target in _texts(subject.item, subject):
        if found := _WRONG_A.search(text) or _WRONG_AN.search(text):
            yield gate("a-or-an", f"{quoted([found[0]])} has the wrong article. Swap “a” and “an”.", target)


def formulas(subject: Subject) -> Iterator[Finding]:
    """Find formulas that can't be read: people would see their source (G11)."""
    if subject.item.stem_format != "markdown":
        return
    reasons = [(option.feedback, group.target_of(option)) for group in subject.choices for option in group.options]
    for text, target in (*_texts(subject.item, subject), *reasons):
        for source in unreadable_formulas(text):
            message = f"The formula {quoted([source])} can’t be read. Mend it, or write \\$ for a dollar sign."
            yield gate("unreadable-formula", message, target)


RULES = (equal_options, capitals, forms, open_marks, articles, formulas)


def _folded(text: str) -> str:
    plain = " ".join(one_spelling(word) for word in plain_words(text))
    return _ALIASES.get(plain, plain) or text.strip()


def _may_be_name(text: str, subject: Subject) -> bool:
    first = text.split(maxsplit=1)[0]
    if _ACRONYM.match(first):
        return True
    context = "\n".join((subject.stem, subject.passage or "", *subject.distractor_texts))
    name = re.escape(straight(first).rstrip(",;:").removesuffix("'s"))
    return re.search(rf"(?<=[a-z,;] ){name}\b", straight(context)) is not None


def _lone_article(group: Choices) -> str:
    """Return the key if it alone of three or more options begins with, or without, an article."""
    if len(group.keys) != 1 or len(group.distractors) < 2:
        return ""
    key = group.keys[0].text
    has = bool(_ARTICLE.match(key))
    if any(bool(_ARTICLE.match(option.text)) == has for option in group.distractors):
        return ""
    named = [key] if has else [option.text for option in group.distractors]
    is_of_names = any(_NAME_AFTER_ARTICLE.match(text[:1].lower() + text[1:]) for text in named)
    return "" if is_of_names else key


def _texts(item: Item, subject: Subject) -> Iterator[tuple[str, str]]:
    yield subject.stem, "stem"
    for group in subject.choices:
        yield from ((option.text, group.target_of(option)) for option in group.options)
    match item:
        case ShortAnswer(accepted=accepted):
            yield from ((answer.text or "", f"accepted.{place}") for place, answer in enumerate(accepted))
        case Flashcard(answer=answer):
            yield answer, "answer"
        case Matching(pairs=pairs):
            yield from ((f"{pair.left or ''} {pair.right}", f"pairs.{place}") for place, pair in enumerate(pairs))
        case Ordering(order=order):
            yield from ((entry, f"order.{place}") for place, entry in enumerate(order))
    yield item.feedback, "feedback"


def _open_mark(text: str) -> str:
    text = _LIST_MARK.sub("", _INTERVAL.sub("", text))
    for opening, closing in ("“”", "()", "[]", "«»"):
        if text.count(opening) != text.count(closing):
            return opening if text.count(opening) > text.count(closing) else closing
    if text.count('"') % 2:
        return '"'
    return "‘" if text.count("‘") > text.count("’") else ""
