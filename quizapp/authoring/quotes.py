"""The words of a passage that a pasted quote most likely means."""

from __future__ import annotations

from difflib import SequenceMatcher

from quizapp.core.items import locate
from quizapp.core.relocating import fold
from quizapp.core.sentences import sentence_spans
from quizapp.errors import Invalid, Unreadable

_NEAR = 0.75  # similarity of a sentence that is worth offering


class NotVerbatim(Invalid):
    """A quote that is not in the passage as it stands; `nearest` is what may be meant, or empty."""

    def __init__(self, message: str, nearest: str) -> None:
        super().__init__("quote", message)
        self.nearest = nearest


def check_quote(quote: str, text: str, start: int | None = None) -> int:
    """Return where the quote stands in the text, in code points. Raises NotVerbatim, saying what to do."""
    try:
        found = locate(quote, text, start)
    except Unreadable as error:
        if quote in text:
            raise NotVerbatim(
                "These words stand in the passage more than once. Paste more of the sentence.", ""
            ) from error
        nearest = nearest_words(quote, text)
        advice = "The nearest words in it are offered below." if nearest else "Copy the words from the passage."
        raise NotVerbatim(f"These words are not in the passage as pasted. {advice}", nearest) from error
    return found.start or 0


def nearest_words(quote: str, text: str) -> str:
    """Return the stretch of `text` that `quote` most resembles and that occurs once; empty when nothing is near.

    Quotes, dashes, letter case and white space may differ; otherwise a whole sentence is offered.
    """
    folded, places = fold(text)
    wanted = fold(quote)[0].strip()
    at = folded.find(wanted) if wanted else -1
    if at >= 0:
        return _once(text[places[at] : places[at + len(wanted) - 1] + 1], text)
    sentences = (text[start:end] for start, end in sentence_spans(text))
    best = max(sentences, key=lambda sentence: _likeness(wanted, sentence), default="")
    return _once(best, text) if _likeness(wanted, best) >= _NEAR else ""


def _likeness(wanted: str, sentence: str) -> float:
    return SequenceMatcher(None, wanted, fold(sentence)[0].strip(), autojunk=False).ratio()


def _once(words: str, text: str) -> str:
    return words if text.count(words) == 1 else ""
