"""Sounds told by their structure from the first byte to the last, without what says who recorded them where."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from quizapp.core.media.files import Cleaned
from quizapp.errors import Invalid

LARGEST_SOUND = 6 * 1024 * 1024  # bytes: six minutes of speech as MP3 of good quality
_DAMAGED = "This sound is damaged or not complete. Save it again from where it came, then add that."
_TOO_LARGE = f"This sound is larger than {LARGEST_SOUND // 2**20} MB. Cut it, or save it as MP3."
_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # of MPEG 1 layer III, kbit/s
_BIT_RATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # of MPEG 2 and 2.5
_SAMPLE_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_WAV_FORMATS = (1, 3, 0xFFFE)  # whole numbers, fractions, and either with its channels described
_M4A_BRANDS = (b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"dash")
_TELLING = (b"udta", b"meta", b"uuid")  # boxes with titles, places and the like
_NESTING = (b"moov", b"trak")  # boxes that hold such boxes, one within the other


def clean_sound(data: bytes) -> Cleaned | None:
    """Return a sound as it is kept; None: it is no sound. Raises Invalid for one that is damaged or too large."""
    for begins, extension, cleaned in (
        (data[:4] == b"RIFF" and data[8:12] == b"WAVE", "wav", _wav),
        (data[:4] == b"OggS", "ogg", _ogg),
        (data[4:8] == b"ftyp", "m4a", _m4a),
        (data[:3] == b"ID3" or _frame_size(data, 0) > 0, "mp3", _mp3),
    ):
        if begins:
            try:
                content = cleaned(data)
            except (struct.error, IndexError) as error:
                raise Invalid("file", _DAMAGED) from error
            if len(content) > LARGEST_SOUND:
                raise Invalid("file", _TOO_LARGE)
            return Cleaned("audio", extension, content)
    return None


def _damaged_unless(is_sound: bool) -> None:
    if not is_sound:
        raise Invalid("file", _DAMAGED)


def _wav(data: bytes) -> bytes:
    """Keep what says how the samples stand, and the samples."""
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        _damaged_unless(at + 8 + size <= len(data))
        chunks.setdefault(name, data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    form, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    _damaged_unless(len(form) >= 16 and bool(samples) and struct.unpack_from("<H", form)[0] in _WAV_FORMATS)
    body = b"WAVE" + b"".join(
        struct.pack("<4sI", name, len(chunk)) + chunk + b"\0" * (len(chunk) % 2)
        for name, chunk in ((b"fmt ", form), (b"data", samples))
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _ogg(data: bytes) -> bytes:
    """Read page after page to the end; a stream of pictures is refused."""
    at = 0
    while at < len(data):
        _damaged_unless(data[at : at + 5] == b"OggS\0")
        head = at + 27 + data[at + 26]
        if data[at + 5] & 2:  # the first page of a stream says what it is
            _damaged_unless(data[head : head + 8] == b"OpusHead" or data[head : head + 7] == b"\x01vorbis")
        at = head + sum(data[at + 27 : head])
    _damaged_unless(at == len(data) and bool(data[5] & 2))
    return data


def _m4a(data: bytes) -> bytes:
    """Blank the boxes that tell of people and places; sizes stay, so that everything is found where it was."""
    content = bytearray(data)
    found = []
    for name, start, end in _boxes(data, 0, len(data)):
        found.append(name)
        _blank(content, data, (name, start, end), _NESTING)
    _damaged_unless(found[:1] == [b"ftyp"] and b"moov" in found and b"mdat" in found and data[8:12] in _M4A_BRANDS)
    _damaged_unless(b"hdlr\0\0\0\0\0\0\0\0soun" in data and b"hdlr\0\0\0\0\0\0\0\0vide" not in data)
    return bytes(content)


def _blank(content: bytearray, data: bytes, box: tuple[bytes, int, int], nesting: tuple[bytes, ...]) -> None:
    name, start, end = box
    if name in _TELLING:
        content[start - 4 : end] = b"free" + bytes(end - start)
    elif nesting and name == nesting[0]:
        for inner in _boxes(data, start, end):
            _blank(content, data, inner, nesting[1:])


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, begin of the content and end of each box; they must fill the place exactly."""
    while at < end:
        size, name = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        _damaged_unless(size >= start - at and at + size <= end)
        yield name, start, at + size
        at += size


def _mp3(data: bytes) -> bytes:
    """Cut titles and pictures off both ends, and read frame after frame between them."""
    start, end = 0, len(data)
    while data[start : start + 3] == b"ID3":
        size = data[start + 6 : start + 10]
        start += 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    if data[end - 32 : end - 24] == b"APETAGEX":
        (size_after, flags) = struct.unpack_from("<I4xI", data, end - 20)
        end -= size_after + (32 if flags & 0x80000000 else 0)
    while start < end and data[start] == 0:  # room that was left for longer titles
        start += 1
    at, frames = start, 0
    while at < end and (size_of := _frame_size(data, at)):
        at, frames = at + size_of, frames + 1
    # The last frame may be cut short; what follows it is no sound and stays away.
    _damaged_unless(frames >= 2)
    return data[start : min(at, end)]


def _frame_size(data: bytes, at: int) -> int:
    """Return the bytes of the MPEG layer III frame that begins here (ISO 11172-3, 2.4.1.3); 0: none does."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, sampling, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or rate in (0, 15) or sampling == 3:
        return 0
    kilobits = (_BIT_RATES if version == 3 else _BIT_RATES_LOW)[rate]
    return (144 if version == 3 else 72) * kilobits * 1000 // _SAMPLE_RATES[version][sampling] + padding
