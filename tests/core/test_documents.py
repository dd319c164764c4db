"""The text of files: what word processors write is read, what is hostile or huge is refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from quizapp.core.documents import LARGEST_FILE, MOST_ENTRIES, MOST_PAGES, read_document
from quizapp.errors import Unreadable

WORDS = "Fog is a cloud that touches the ground."


def docx(*paragraphs: str, extra: dict[str, bytes] | None = None) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_table(1, 1).cell(0, 0).text = "In a table."
    file = io.BytesIO()
    document.save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return file.getvalue()


def pdf(text: str, pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(600, 800)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode())
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        (WORDS.encode(), "fog.txt", WORDS),
        (("\ufeff" + WORDS).encode(), "fog.txt", WORDS),
        (WORDS.encode("utf-16"), "fog.txt", WORDS),
        ("Caf\xe9 – “fog”".encode("cp1252"), "fog.txt", "Caf\xe9 – “fog”"),
        (b"# Fog\n\nFog is a **cloud**\nthat [touches](http://x.example) the ground.", "fog.md",
         "Fog\n\nFog is a cloud that touches the ground."),
        (docx(WORDS, "", "It lasts."), "fog.docx", f"{WORDS}\n\nIt lasts.\n\nIn a table."),
        (pdf(WORDS), "fog.pdf", WORDS),
        (pdf(WORDS), "named wrongly.txt", WORDS),
    ],
)  # fmt: skip
def test_the_text_of_a_file_is_read_by_what_it_is(content: bytes, name: str, text: str) -> None:
    assert read_document(content, name) == text


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.txt", "empty"),
        (b"x" * (LARGEST_FILE + 1), "a.txt", "larger than 5 MB"),
        (b"\x00\x01\x02\x81", "a.txt", "no text file"),
        (b"plain", "a.docx", "can’t be read as a Word file"),
        (b"PK\x03\x04 torn", "a.docx", "can’t be read as a Word file"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "old Word file"),
        (docx(WORDS)[:-200], "a.docx", "can’t be read as a Word file"),
        (docx(WORDS, extra={"bomb.xml": b" " * 30_000_000}), "a.docx", "unpacks into far more"),
        (docx(WORDS, extra={f"{n}.txt": b"" for n in range(MOST_ENTRIES)}), "a.docx", "unpacks into far more"),
        (docx(WORDS, extra={"evil.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
         "a.docx", "no word processor writes"),
        (pdf(WORDS, MOST_PAGES + 1), "a.pdf", "61 pages; 60 is the most"),
        (pdf(WORDS, password="fog"), "a.pdf", "locked with a password"),
        (pdf(""), "a.pdf", "scanned page is a picture"),
        (b"%PDF-1.7\n1 0 obj <</Length 999>> stream", "a.pdf", "can’t be read as a PDF"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(content: bytes, name: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_document(content, name)


_DAMAGE = st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=1))


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["pdf", "docx"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=1)), min_size=1, max_size=8),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(kind: str, damage: list[tuple[float, bytes]]) -> None:
    damaged = bytearray(WHOLE[kind])
    for place, byte in damage:
        damaged[int(place * len(damaged))] = byte[0]
    with suppress(Unreadable):
        assert read_document(bytes(damaged), "a.txt")


WHOLE = {"pdf": pdf(WORDS), "docx": docx(WORDS)}
