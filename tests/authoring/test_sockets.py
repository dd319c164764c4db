"""Nothing but the language model's transport opens a socket while drafts are made."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import pytest

import quizapp
from quizapp.core.generation import generate
from tests.drafted import FOG


def test_the_rules_open_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(AssertionError, match="a socket"):
        socket.create_connection(("127.0.0.1", 9))
    assert generate(FOG).drafts


def test_only_the_transport_knows_the_client() -> None:
    root = Path(quizapp.__file__).parent
    who = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if {'import_module("openai")', "import openai", "from openai"} & set(_phrases(path.read_text()))
    }
    assert who == {"authoring/language_model.py"}


def _phrases(source: str) -> list[str]:
    return re.findall(r'import_module\("openai"\)|^(?:import|from) openai', source, re.MULTILINE)
