"""What is kept of a picture or a sound, and the name it is kept under."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

# How each kind of file is sent, by the end of its name.
TYPES = {
    "webp": "image/webp", "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav", "m4a": "audio/mp4",
}  # fmt: skip
_STORED_NAME = re.compile(rf"[0-9a-f]{{64}}\.({'|'.join(TYPES)})")


@dataclass(frozen=True)
class Cleaned:
    """A file as it is kept; a sound has no sides."""

    kind: Literal["image", "audio"]
    extension: str
    content: bytes
    width: int = 0
    height: int = 0

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal: what it is called, so that a name tells nothing."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """The name it is stored and sent under."""
        return f"{self.digest}.{self.extension}"


def is_stored_name(name: str) -> bool:
    """Tell whether a name is one of a stored file, rather than one from another program."""
    return _STORED_NAME.fullmatch(name) is not None
