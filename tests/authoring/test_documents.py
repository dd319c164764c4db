"""A file is read in a process of its own, which ends when it takes too long."""

from __future__ import annotations

import pytest

from quizapp.authoring import documents
from quizapp.authoring.documents import passage_text
from quizapp.errors import Invalid
from tests.core.test_documents import WORDS, docx, pdf


def test_word_and_pdf_files_are_read_in_a_process_of_their_own() -> None:
    assert passage_text(docx(WORDS), "fog.docx") == f"{WORDS}\n\nIn a table."
    assert passage_text(pdf(WORDS), "fog.pdf") == WORDS


def test_what_is_wrong_with_a_file_comes_back_as_a_sentence() -> None:
    with pytest.raises(Invalid, match="locked with a password"):
        passage_text(pdf(WORDS, password="fog"), "fog.pdf")


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("while True: pass", "takes too long"),
        ("raise MemoryError", "can’t be read"),
        ("print('neither')", "can’t be read"),
    ],
)
def test_a_file_that_takes_too_long_or_breaks_the_reader_is_refused(
    program: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_READ", program)
    monkeypatch.setattr(documents, "_SECONDS", 0.5)
    with pytest.raises(Invalid, match=says):
        passage_text(pdf(WORDS), "fog.pdf")
