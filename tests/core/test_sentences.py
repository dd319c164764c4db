"""Sentences: where they end and where they don't, and that nothing of a text is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.sentences import sentence_spans, sentences_around


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("He said “go.” She went.", ["He said “go.”", "She went."]),
        ("Dr. Smith met Mr. Jones. They spoke.", ["Dr. Smith met Mr. Jones.", "They spoke."]),
        ("The U.S. Army left. It returned.", ["The U.S. Army left.", "It returned."]),
        ("It grew 2.5 times, e.g. In some places. Then not.", ["It grew 2.5 times, e.g. In some places.", "Then not."]),
        ("Line one.\n\nLine two.", ["Line one.", "Line two."]),
        ("No stop at the end", ["No stop at the end"]),
        ("In 1991. 2004 followed.", ["In 1991.", "2004 followed."]),
        ("Steps. 1. Open it. 2. Go in. 3. Shut it.", ["Steps.", "1. Open it.", "2. Go in.", "3. Shut it."]),
        ("It boils at 90 °C. A lid helps.", ["It boils at 90 °C.", "A lid helps."]),
        ("It is 4.8 in. (12.2 cm) long. It bends.", ["It is 4.8 in. (12.2 cm) long.", "It bends."]),
        ("A heading\n\nThe text follows. It goes on.", ["A heading", "The text follows.", "It goes on."]),
        ("   ", []),
    ],
)
def test_a_text_is_cut_where_a_reader_would(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


@given(st.text(alphabet="Aab .!?”\n1“(", max_size=80))
def test_spans_keep_their_order_and_leave_out_only_space(text: str) -> None:
    spans = sentence_spans(text)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


def test_the_sentences_around_a_span_are_those_it_touches() -> None:
    text = "One is here. Two is there. Three is nowhere."
    start = text.index("there")
    assert sentences_around(text, [(start, start + 12)]) == sentence_spans(text)[1:]
    assert sentences_around(text, []) == []
