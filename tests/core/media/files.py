"""Pictures and sounds made in memory, sound ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **how: Any) -> bytes:
    """Return a picture, its left half red and its right half blue."""
    image = Image.new(mode, size, "blue" if mode in ("RGB", "RGBA", "P") else 200)
    if mode in ("RGB", "RGBA"):
        image.paste("red", (0, 0, size[0] // 2, size[1]))
    target = io.BytesIO()
    image.save(target, form, **how)
    return target.getvalue()


def wide_png(width: int, height: int) -> bytes:
    """Return a PNG whose head promises so many pixels and whose few bytes unpack to zeros."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )


def wav(samples: bytes = b"\0\1" * 400, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WAV file, with further chunks before the samples."""
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    body = b"WAVE" + b"".join(
        struct.pack("<4sI", name, len(chunk)) + chunk + b"\0" * (len(chunk) % 2)
        for name, chunk in ((b"fmt ", form), *chunks, (b"data", samples))
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3(frames: int = 6) -> bytes:
    """Return frames of silence: MPEG 1 layer III, 128 kbit/s, 44.1 kHz."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def titled_mp3() -> bytes:
    """Return a sound with titles before it and after it."""
    title = b"TPE1\0\0\0\x0c\0\0\0Ada Lovelace"
    return b"ID3\x03\0\0\0\0\0" + bytes([len(title)]) + title + mp3() + b"TAG" + b"Ada Lovelace".ljust(125, b"\0")


def ogg(first: bytes = b"OpusHead\x01\x01", pages: int = 3) -> bytes:
    """Return Ogg pages of one stream; checks of their content are left at 0."""
    made = b""
    for number in range(pages):
        body = first if number == 0 else bytes(50)
        made += b"OggS\0" + bytes([2 if number == 0 else 0]) + bytes(8) + struct.pack("<III", 7, number, 0)
        made += bytes([1, len(body)]) + body
    return made


def box(name: bytes, *inner: bytes) -> bytes:
    """Return a box of an MP4 file."""
    content = b"".join(inner)
    return struct.pack(">I4s", len(content) + 8, name) + content


def m4a(brand: bytes = b"M4A ", handler: bytes = b"soun", *more: bytes) -> bytes:
    """Return an MP4 file with one track of this kind, its place and its author in several boxes."""
    telling = box(b"udta", box(b"\xa9xyz", b"+52.37+004.89/"))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13))), telling)
    told = box(b"meta", b"Ada Lovelace")
    return (
        box(b"ftyp", brand, bytes(4)) + box(b"moov", track, telling, told) + box(b"mdat", bytes(100)) + b"".join(more)
    )
