"""Pictures and sounds from anywhere, made safe to show: told by what they hold, rewritten, without what they tell."""

from __future__ import annotations

from quizapp.core.media.files import TYPES, Cleaned, is_stored_name
from quizapp.core.media.images import clean_image
from quizapp.core.media.sounds import clean_sound
from quizapp.errors import Invalid

LARGEST_UPLOAD = 12 * 1024 * 1024  # bytes
_TAGS = (b"<svg", b"<?xml", b"<!doctype", b"<html")

__all__ = ["LARGEST_UPLOAD", "TYPES", "Cleaned", "clean", "is_stored_name"]


def clean(data: bytes) -> Cleaned:
    """Return a file as it is kept; what it is called does not matter. Raises Invalid for "file", saying what to do."""
    if not data:
        raise Invalid("file", "This file is empty. Choose another.")
    if len(data) > LARGEST_UPLOAD:
        raise Invalid("file", f"This file is larger than {LARGEST_UPLOAD // 2**20} MB. Make it smaller, or cut it.")
    cleaned = clean_image(data) or clean_sound(data)
    if cleaned is not None:
        return cleaned
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith(_TAGS):
        raise Invalid("file", "Drawings as SVG may hold programs. Save it as PNG, then add that.")
    raise Invalid(
        "file",
        "This is no picture or sound that can be shown everywhere. "
        "Use JPEG, PNG or WebP for a picture; MP3, Ogg, WAV or M4A for a sound.",
    )
