"""Files that hold a passage, read in a process of their own: what takes too long or too much memory ends with it."""

from __future__ import annotations

import subprocess
import sys

from quizapp.config import CHECKOUT, is_checkout
from quizapp.core.documents import LARGEST_FILE, read_document
from quizapp.errors import Invalid, Unreadable

_SECONDS = 8
_BYTES = 1024 * 1024 * 1024
_SLOW = "This file takes too long to read. Paste its text instead."
_PLAIN = (".txt", ".md")


def passage_text(content: bytes, name: str) -> str:
    """Return the text of a file that somebody sent. Raises Invalid for "file" with a sentence for them."""
    if len(content) > LARGEST_FILE or name.lower().endswith(_PLAIN):
        try:
            return read_document(content, name)
        except Unreadable as refusal:
            raise Invalid("file", refusal.reason) from refusal
    command = [sys.executable, "-I", "-c", _READ, str(CHECKOUT) if is_checkout() else "", name[-80:]]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Invalid("file", _SLOW) from error
    if done.returncode or done.stdout[:1] not in (b"+", b"-"):
        raise Invalid("file", "This file can’t be read. Save it again, or paste its text.")
    said = done.stdout[1:].decode()
    if done.stdout[:1] == b"-":
        raise Invalid("file", said)
    return said


_READ = f"""
import runpy, sys
if sys.argv[1]:
    sys.path.insert(0, sys.argv[1])
try:
    import resource
except ImportError:
    pass
else:
    resource.setrlimit(resource.RLIMIT_AS, ({_BYTES}, {_BYTES}))
    resource.setrlimit(resource.RLIMIT_CPU, ({_SECONDS}, {_SECONDS}))
sys.argv = sys.argv[1:]
runpy.run_module("quizapp.core.documents", run_name="__main__")
"""
