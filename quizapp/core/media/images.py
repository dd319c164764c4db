"""Pictures drawn anew: upright, no larger than a page needs, and nothing in them but what is seen."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

from quizapp.core.media.files import Cleaned
from quizapp.errors import Invalid

LONGEST_SIDE = 1600  # pixels, of what is kept
MOST_PIXELS = 40_000_000  # of what is sent: a good camera's; unpacked it takes four bytes each
_FORMATS = ("JPEG", "PNG", "WEBP")
_DRAWN = 300_000  # bytes up to which a drawing is kept exactly
_QUALITY = 84
_TOO_LARGE = "This picture has too many pixels. Save it smaller, at most 6000 by 6000."
_DAMAGED = "This picture is damaged or not complete. Save it again from where it came, then add that."
# What a decoder raises for a file that only begins like a picture.
_UNREADABLE = (OSError, SyntaxError, ValueError, IndexError, EOFError, OverflowError, struct.error, zlib.error)


def clean_image(data: bytes) -> Cleaned | None:
    """Return a picture as it is kept; None: it is no picture. Raises Invalid for one that is damaged or too large."""
    try:
        opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        return None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid("file", _TOO_LARGE) from error
    except _UNREADABLE as error:
        raise Invalid("file", _DAMAGED) from error
    with opened as image:
        if image.width * image.height > MOST_PIXELS:
            raise Invalid("file", _TOO_LARGE)
        try:
            return _drawn_anew(image)
        except _UNREADABLE as error:
            raise Invalid("file", _DAMAGED) from error


def _drawn_anew(image: Image.Image) -> Cleaned:
    is_drawing = image.format == "PNG"
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # of a JPEG no more is unpacked than is needed
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # sixteen bits of grey
        upright = upright.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    content = _webp(plain, lossless=True) if is_drawing else b""
    if not content or len(content) > _DRAWN:
        content = _webp(plain, quality=_QUALITY)
    return Cleaned("image", "webp", content, plain.width, plain.height)


def _webp(image: Image.Image, **how: object) -> bytes:
    kept = Image.new(image.mode, image.size)  # without what came along: places, cameras, comments, profiles
    kept.paste(image)
    target = io.BytesIO()
    kept.save(target, "WEBP", method=4, **how)
    return target.getvalue()
