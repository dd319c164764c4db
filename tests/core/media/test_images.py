"""Pictures from anywhere: upright, small enough, and nothing in them but what is seen."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quizapp.core.media import LARGEST_UPLOAD, clean, is_stored_name
from quizapp.core.media.images import LONGEST_SIDE
from quizapp.errors import Invalid
from tests.core.media.files import mp3, picture, wav, wide_png

SECRET = b"Ada Lovelace"


def shown(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def located(form: str, orientation: int = 1) -> bytes:
    """Return a picture that says who took it, where, and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (52.0, 22.0, 13.0)
    return picture(form, (40, 30), exif=exif)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew(form: str) -> None:
    cleaned = clean(located(form))
    assert (cleaned.kind, cleaned.extension, cleaned.width, cleaned.height) == ("image", "webp", 40, 30)
    assert is_stored_name(cleaned.name)
    image = shown(cleaned.content)
    assert image.size == (40, 30)
    assert not image.getexif()
    assert SECRET not in cleaned.content
    assert b"EXIF" not in cleaned.content
    red, green, blue = image.convert("RGB").getpixel((5, 15))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


def test_a_picture_that_was_taken_sideways_is_turned_upright() -> None:
    cleaned = clean(located("JPEG", orientation=6))
    assert (cleaned.width, cleaned.height) == (30, 40)
    red, *_, blue = shown(cleaned.content).convert("RGB").getpixel((15, 4))  # type: ignore[misc]
    assert red > blue  # what was at the left is at the top


def test_a_large_picture_is_made_smaller_with_its_shape() -> None:
    cleaned = clean(picture("JPEG", (3000, 1500)))
    assert (cleaned.width, cleaned.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16", "CMYK"])
def test_every_way_of_colour_is_read(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    source = Image.new(mode, (8, 8))
    target = io.BytesIO()
    source.save(target, form)
    assert shown(clean(target.getvalue()).content).size == (8, 8)


def test_sixteen_bits_of_grey_stay_grey() -> None:
    target = io.BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(target, "PNG")
    level = shown(clean(target.getvalue()).content).convert("L").getpixel((4, 4))
    assert isinstance(level, int)
    assert abs(level - 128) <= 2


def test_what_is_seen_through_stays_so() -> None:
    image = shown(clean(picture("PNG", mode="RGBA")).content)
    assert image.mode in ("RGB", "RGBA")
    target = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(target, "PNG")
    assert shown(clean(target.getvalue()).content).convert("RGBA").getpixel((4, 4))[3] == 0  # type: ignore[index]


HOSTILE = {
    "a bomb of many pixels": (wide_png(60_000, 60_000), "too many pixels"),
    "a bomb that is just allowed to be opened": (wide_png(9_000, 9_000), "too many pixels"),
    "a head with too little behind it": (wide_png(5_000, 5_000)[:400], "damaged"),
    "a picture cut off": (picture("JPEG", (400, 400))[:700], "damaged"),
    "a drawing with programs": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG"),
    "a drawing with a declaration": (b'\xef\xbb\xbf <?xml version="1.0"?><svg/>', "SVG"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "SVG"),
    "a moving picture": (picture("GIF", mode="P"), "Use JPEG, PNG or WebP"),
    "a bitmap": (picture("BMP"), "Use JPEG, PNG or WebP"),
    "a document": (b"%PDF-1.7\n", "Use JPEG, PNG or WebP"),
    "a program": (b"MZ" + bytes(500), "Use JPEG, PNG or WebP"),
    "an archive": (b"PK\x03\x04" + bytes(500), "Use JPEG, PNG or WebP"),
    "a text": (b"Not a picture", "Use JPEG, PNG or WebP"),
    "nothing": (b"", "empty"),
    "too much": (bytes(LARGEST_UPLOAD + 1), "larger than 12 MB"),
    "the first bytes alone": (b"\x89PNG\r\n\x1a\n", "no picture or sound|damaged"),
}


@pytest.mark.filterwarnings("default::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("data", "says"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_shown_is_refused_with_a_reason(data: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        clean(data)
    assert refused.value.field == "file"
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(300), wav(), mp3()])
def test_what_hangs_on_a_picture_is_gone(tail: bytes) -> None:
    cleaned = clean(picture("JPEG") + tail)
    assert cleaned.extension == "webp"
    assert tail not in cleaned.content


def test_the_same_picture_has_the_same_name() -> None:
    assert clean(picture()).name == clean(picture()).name != clean(picture(size=(41, 30))).name


@given(st.binary(max_size=60), st.sampled_from([picture("JPEG"), picture(), picture("WEBP")]), st.integers(0, 400))
def test_a_picture_with_bytes_changed_is_shown_or_refused(noise: bytes, whole: bytes, at: int) -> None:
    with suppress(Invalid):
        assert clean(whole[:at] + noise + whole[at + len(noise) :]).content


@pytest.mark.parametrize(
    "name",
    ["", "a.webp", "../" + "0" * 64 + ".webp", "0" * 64, "0" * 64 + ".svg", "G" * 64 + ".webp", "0" * 64 + ".webp\n"],
)
def test_only_names_of_our_own_are_ours(name: str) -> None:
    assert not is_stored_name(name)
