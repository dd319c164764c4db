"""The text of files that hold a passage: plain text, Markdown, Word and PDF; hostile and huge ones are refused."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator

from docx import Document
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from markdown_it import MarkdownIt
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from quizapp.errors import Unreadable

LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_PAGES = 60
MOST_ENTRIES = 500
LARGEST_UNPACKED = 40 * 1024 * 1024  # bytes
STEEPEST = 150  # unpacked bytes for each packed one
LONGEST_TEXT = 400_000  # characters; a passage takes far fewer, and says so better
KINDS = ("txt", "md", "docx", "pdf")
# What readers of files raise, beside errors of their own, when a file is not what it says.
_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
_BROKEN = "This file can’t be read as {}. Save it again, or paste its text."


def read_document(content: bytes, name: str) -> str:
    """Return the text of a file, paragraphs apart by a blank line; its kind is told by its content, then its name.

    Raises Unreadable with a sentence for whoever sent it.
    """
    if len(content) > LARGEST_FILE:
        raise Unreadable(None, f"This file is larger than {LARGEST_FILE // 2**20} MB. Paste the text instead.")
    if not content.strip():
        raise Unreadable(None, "This file is empty.")
    text = _tidied(_reader(content, name)(content))
    if len(text) > LONGEST_TEXT:
        raise Unreadable(None, "This file holds a whole book. Paste the part that questions are wanted on.")
    if not text:
        raise Unreadable(None, "There is no text in this file. A scanned page is a picture: type or paste its text.")
    return text


def _reader(content: bytes, name: str) -> Callable[[bytes], str]:
    ending = name.rpartition(".")[2].lower()
    if content.startswith(b"%PDF-"):
        return _pdf
    if content.startswith(b"PK\x03\x04"):
        return _docx
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(None, "This is an old Word file (.doc). Save it as .docx, or paste its text.")
    if ending in ("docx", "pdf"):
        raise Unreadable(None, _BROKEN.format("a Word file" if ending == "docx" else "a PDF"))
    return _markdown if ending in ("md", "markdown") else _plain


def _plain(content: bytes) -> str:
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if is_wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f\v" for character in text):
            return text
    raise Unreadable(None, "This is no text file. Send .txt, .md, .docx or .pdf, or paste the text.")


def _markdown(content: bytes) -> str:
    blocks = MarkdownIt("commonmark").parse(_plain(content))
    lines = []
    for block in blocks:
        if block.type == "inline":
            parts = [
                " " if part.type in ("softbreak", "hardbreak") else part.content
                for part in block.children or ()
                if part.type in ("text", "code_inline", "softbreak", "hardbreak")
            ]
            lines.append("".join(parts))
        elif block.type in ("fence", "code_block"):
            lines.append(block.content)
    return "\n\n".join(lines)


def _docx(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, len(content))
        document = Document(io.BytesIO(content))
        return "\n\n".join(_paragraphs(document.element.body))
    except Unreadable:
        raise
    except (*_DAMAGE, zipfile.BadZipFile, zlib.error, PythonDocxError, OpcError, SyntaxError) as error:
        raise Unreadable(None, _BROKEN.format("a Word file")) from error


def _check_archive(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse what would unpack into more than it says, hides another archive, or declares entities."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked > STEEPEST * packed:
        raise Unreadable(None, "This file unpacks into far more than a text. Paste the text instead.")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable(None, "This file is locked with a password. Save it without one, or paste its text.")
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as file:
                read = file.read(entry.file_size + 1)
            if len(read) > entry.file_size or b"<!DOCTYPE" in read or b"<!ENTITY" in read:
                raise Unreadable(None, "This file is built in a way that no word processor writes. Paste its text.")


def _paragraphs(body: object) -> Iterator[str]:
    for paragraph in body.iter(qn("w:p")):  # type: ignore[attr-defined]  # lxml ships no types
        parts = []
        for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
            parts.append(node.text or "" if node.tag == qn("w:t") else " ")
        yield "".join(parts)


def _pdf(content: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(content))
        _check_pdf(reader)
        return "\n\n".join(_flowing(page.extract_text()) for page in reader.pages)
    except Unreadable:
        raise
    except (*_DAMAGE, PyPdfError, DependencyError, zlib.error) as error:
        raise Unreadable(None, _BROKEN.format("a PDF")) from error


def _check_pdf(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise Unreadable(None, "This PDF is locked with a password. Save it without one, or paste its text.")
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable(None, f"This PDF has {len(reader.pages)} pages; {MOST_PAGES} is the most. Paste the part.")


def _flowing(page: str) -> str:
    """Join the lines of a page into paragraphs, and words that a hyphen cut at a line's end."""
    joined = re.sub(r"(?<=[a-z])[-\u00ad]\n(?=[a-z])", "", page)
    return re.sub(r"(?<=[^\n.!?:])\n(?=\S)", " ", joined)


def _tidied(text: str) -> str:
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.replace("\ufeff", "").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


if __name__ == "__main__":  # the reading of one file in a process of its own, which can be ended when it takes too long
    try:
        sys.stdout.buffer.write(b"+" + read_document(sys.stdin.buffer.read(), sys.argv[1]).encode())
    except Unreadable as refusal:
        sys.stdout.buffer.write(b"-" + refusal.reason.encode())
