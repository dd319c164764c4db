"""Settings: the mail server's address, read once and strictly; the secret key that `up` keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.config import MailServer, kept_secret_key, read_mail_url, with_kept_key
from quizapp.errors import Misconfigured


def test_without_an_address_there_is_no_mail() -> None:
    assert read_mail_url("") is None


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://quiz%40app:p%3Aw@mail.example:2525?from=Quizapp%20%3Cquizapp%40school.example%3E&tls=start",
            MailServer(
                host="mail.example", port=2525, sender="Quizapp <quizapp@school.example>", user="quiz@app",
                password="p:w", tls="start",
            ),
        ),
        ("smtp://mail.example?from=q%40x.example", MailServer(host="mail.example", port=587, sender="q@x.example")),
        (
            "smtp://127.0.0.1:25?from=q%40x.example&tls=none",
            MailServer(host="127.0.0.1", port=25, sender="q@x.example", tls="none"),
        ),
        (
            "smtps://mail.example?from=q%40x.example",
            MailServer(host="mail.example", port=465, sender="q@x.example", tls="always"),
        ),
    ],
)  # fmt: skip
def test_an_address_says_host_port_sign_in_sender_and_tls(url: str, server: MailServer) -> None:
    assert read_mail_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "imap://mail.example?from=q%40x.example",
        "smtp://mail.example",
        "smtp://?from=q%40x.example",
        "smtp://u:hunter2@mail.example:port?from=q%40x.example",
        "smtp://mail.example?from=nobody",
        "smtp://mail.example?from=q%40x.example&tls=perhaps",
        "smtps://mail.example?from=q%40x.example&tls=none",
        "smtp://mail.example?from=q%40x.example&ssl=1",
    ],
)
def test_a_wrong_address_is_refused_and_never_repeated(url: str) -> None:
    with pytest.raises(Misconfigured, match="QUIZAPP_MAIL_URL") as refusal:
        read_mail_url(url)
    assert "hunter2" not in refusal.value.message


def test_the_password_of_the_mail_server_is_not_shown() -> None:
    assert "hunter2" not in repr(read_mail_url("smtp://u:hunter2@mail.example?from=q%40x.example"))


def test_the_kept_secret_key_is_used_where_none_is_named(tmp_path: Path) -> None:
    environ = {"QUIZAPP_DATA_DIR": str(tmp_path)}
    assert with_kept_key(environ) == environ
    kept_secret_key(tmp_path)
    assert with_kept_key(environ) == {**environ, "QUIZAPP_SECRET_KEY_FILE": str(tmp_path / "secret_key")}
    named = {**environ, "QUIZAPP_SECRET_KEY": "s" * 40}
    assert with_kept_key(named) == named
