"""Gaps as a teacher writes them: one text, each gap in double square brackets.

`[[Orange Revolution | Orange revolution]]` is typed, with the accepted answers between bars, the key first.
`[[*1991 / 1989 / 2004]]` is chosen from a list, with the choices between slashes and a star before the right one.
A backslash takes the meaning from the character after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.items import split_stem
from quizapp.errors import Unreadable

_ESCAPED = re.compile(r"\\([\\\[\]|/*])")
_TOKEN = re.compile(r"\\[\\\[\]|/*]|\[\[|\]\]|.", re.DOTALL)
_SHOWN = 30  # characters of a gap quoted in a refusal


@dataclass(frozen=True)
class TypedGap:
    """Accepted answers, the key first."""

    answers: tuple[str, ...]


@dataclass(frozen=True)
class ChoiceGap:
    """Choices in the order written; `right` is the index of the key."""

    choices: tuple[str, ...]
    right: int


WrittenGap = TypedGap | ChoiceGap


def read_gaps(text: str) -> tuple[str, tuple[WrittenGap, ...]]:
    """Return the stem with {{1}}, {{2}} … and the gaps in that order. Raises Unreadable, naming the gap."""
    if any(number for _, number in split_stem(text)):
        raise Unreadable(None, "Double braces can’t be used here. Write a gap in double square brackets.")
    stem: list[str] = []
    gaps: list[WrittenGap] = []
    inside: list[str] | None = None
    for piece in _TOKEN.findall(text):
        if piece == "[[":
            if inside is not None:
                raise _unclosed(inside)
            inside = []
        elif piece == "]]":
            if inside is None:
                raise Unreadable(None, "There is a “]]” without the “[[” that begins its gap.")
            gaps.append(_read_gap("".join(inside), len(gaps) + 1))
            stem.append(f"{{{{{len(gaps)}}}}}")
            inside = None
        elif inside is None:
            stem.append(_plain(piece))
        else:
            inside.append(piece)
    if inside is not None:
        raise _unclosed(inside)
    if not gaps:
        raise Unreadable(None, "There is no gap yet. Put double square brackets around what is to be filled in.")
    return "".join(stem), tuple(gaps)


def write_gaps(stem: str, gaps: Sequence[WrittenGap]) -> str:
    """Return the text that `read_gaps` turns into this stem and these gaps."""
    return "".join(
        f"[[{_write_gap(gaps[number - 1])}]]" if number else _escape_text(run) for run, number in split_stem(stem)
    )


def _read_gap(content: str, number: int) -> WrittenGap:
    choices = _split(content, "/")
    starred = [index for index, choice in enumerate(choices) if choice.startswith("*")]
    if not starred:
        answers = tuple(dict.fromkeys(_plain(answer) for answer in _split(content, "|") if answer))
        if not answers:
            raise Unreadable(None, f"Gap {number} is empty. Write the right answer between its brackets.")
        return TypedGap(answers)
    if len(starred) > 1:
        raise Unreadable(None, f"Gap {number} has {len(starred)} stars. Put one star, before the right choice.")
    texts = tuple(_plain(choice.removeprefix("*").strip()) for choice in choices)
    if "" in texts or len(texts) < 2:
        raise Unreadable(None, f"Gap {number} has a star, so it needs two or more choices with a slash between them.")
    if twin := next((text for text in texts if texts.count(text) > 1), ""):
        raise Unreadable(None, f"Gap {number} offers “{twin}” twice.")
    return ChoiceGap(texts, starred[0])


def _split(content: str, separator: str) -> list[str]:
    parts = [""]
    for piece in _TOKEN.findall(content):
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def _plain(written: str) -> str:
    return _ESCAPED.sub(r"\1", written)


def _write_gap(gap: WrittenGap) -> str:
    if isinstance(gap, TypedGap):
        return " | ".join(_escape_answer(answer) for answer in gap.answers)
    return " / ".join(
        ("*" if index == gap.right else "") + _escape_choice(choice) for index, choice in enumerate(gap.choices)
    )


def _escape_answer(answer: str) -> str:
    # A star that begins a part would make the gap one of choices.
    return re.sub(r"(^|/\s*)\*", r"\1\\*", re.sub(r"([\\\[\]|])", r"\\\1", answer))


def _escape_choice(choice: str) -> str:
    return re.sub(r"^\*", r"\\*", re.sub(r"([\\\[\]/])", r"\\\1", choice))


def _escape_text(run: str) -> str:
    escaped = run.replace("\\", "\\\\")
    return re.sub(r"\[(?=\[|$)|(?<=\])\]", lambda found: "\\" + found[0], escaped)


def _unclosed(inside: list[str]) -> Unreadable:
    text = "".join(inside).strip()
    shown = text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + "…"
    return Unreadable(None, f"The gap that begins “[[{shown}” is not closed. End it with “]]”.")
