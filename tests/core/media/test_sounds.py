"""Sounds from anywhere: told by their structure, without titles and places."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.media import clean
from quizapp.errors import Invalid
from tests.core.media.files import box, m4a, mp3, ogg, titled_mp3, wav

SOUNDS = {
    "mp3": (mp3(), mp3()),
    "mp3 with titles": (titled_mp3(), mp3()),
    "mp3 with a page behind": (mp3() + b"<script>alert(1)</script>", mp3()),
    "wav": (wav(), wav()),
    "wav with titles": (wav(b"\0\1" * 400, (b"LIST", b"INFOIART\x0c\0\0\0Ada Lovelace")), wav()),
    "ogg": (ogg(), ogg()),
    "ogg with vorbis": (ogg(b"\x01vorbis\0"), ogg(b"\x01vorbis\0")),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_kept_without_what_tells_of_people(name: str) -> None:
    sent, kept = SOUNDS[name]
    cleaned = clean(sent)
    assert (cleaned.kind, cleaned.extension, cleaned.width, cleaned.height) == ("audio", name[:3], 0, 0)
    assert cleaned.content == kept


def test_an_m4a_loses_its_places_and_keeps_its_length() -> None:
    cleaned = clean(m4a())
    assert cleaned.extension == "m4a"
    assert len(cleaned.content) == len(m4a())
    assert b"52.37" in m4a()
    for told in (b"52.37", b"Ada", b"udta", b"meta"):
        assert told not in cleaned.content


HOSTILE = {
    "a film": m4a(b"isom", b"vide"),
    "a film with sound": m4a(b"isom", b"soun", box(b"moov", box(b"hdlr", bytes(8), b"vide"))),
    "an mp4 of another make": m4a(b"qt  "),
    "an mp4 without sound": box(b"ftyp", b"M4A ", bytes(4)) + box(b"mdat", bytes(9)),
    "an mp4 cut off": m4a()[:-20],
    "an mp4 with a page behind": m4a() + b"<script>alert(1)</script>",
    "boxes within boxes": box(b"ftyp", b"M4A ", bytes(4)) + box(b"moov", *[box(b"trak")] * 3_000),
    "an ogg with a page behind": ogg() + b"<script>alert(1)</script>",
    "an ogg cut off": ogg()[:-9],
    "an ogg film": ogg(b"\x80theora\0\0"),
    "an ogg that begins in the middle": ogg()[38:],
    "a wav without samples": wav(b""),
    "a wav with a page behind": wav() + b"<script>alert(1)</script>",
    "a wav cut off": wav()[:-90],
    "a head of titles alone": b"ID3\x03\0\0\0\0\0\x05abcde",
    "one frame": mp3(1),
    "titles without an end": b"ID3\x03\0\0\x7f\x7f\x7f\x7fabc",
    "a frame and a page": mp3(1) + b"<script>alert(1)</script>",
    "a wav that is too long": wav(bytes(6 * 2**20 + 2)),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_whole_sound_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match=r"This sound is|Use JPEG") as refused:
        clean(data)
    assert refused.value.field == "file"


@given(st.binary(max_size=40), st.sampled_from([mp3(), titled_mp3(), wav(), ogg(), m4a()]), st.integers(0, 300))
def test_a_sound_with_bytes_changed_is_kept_or_refused(noise: bytes, whole: bytes, at: int) -> None:
    with suppress(Invalid):
        assert clean(whole[:at] + noise + whole[at + len(noise) :]).content
