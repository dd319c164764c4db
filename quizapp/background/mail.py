"""Handing one message to the mail server; the only module that speaks SMTP."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import closing, suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

from quizapp.config import MailServer

_TIMEOUT_SECONDS = 20
_PERMANENT = 500
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


def send(server: MailServer, message: EmailMessage) -> None:
    """Hand the message in. Raises OSError (smtplib's errors are such) and ValueError for an address that is none."""
    context = ssl.create_default_context()
    if server.tls == "always":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
    with closing(connection):
        if server.tls == "start":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message)
        with suppress(OSError):  # it is taken; how the server says goodbye changes nothing
            connection.quit()


def message_of(
    server: MailServer, message_id: UUID, *, to: str, subject: str, body: str, written_at: datetime
) -> EmailMessage:
    """Return a plain-text message; its id is the same each time it is sent, so that a repeat can be told."""
    message = EmailMessage()
    message["Message-ID"] = f"<{message_id}@{parseaddr(server.sender)[1].rpartition('@')[2]}>"
    message["Date"] = format_datetime(written_at)
    message["From"] = server.sender
    message["To"] = to
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def is_hopeless(error: Exception) -> bool:
    """Tell whether sending again would come to the same: no such mailbox, no such address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _ in error.recipients.values())
    return not isinstance(error, OSError)


def told_without_addresses(error: Exception) -> str:
    """Say what the server answered, without the addresses in it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        words = "; ".join(f"{code} {_text(reply)}" for code, reply in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        words = f"{error.smtp_code} {_text(error.smtp_error)}"
    elif isinstance(error, OSError):
        words = str(error)
    else:
        words = ""
    words = _ADDRESS.sub("…", words)
    return f"{type(error).__name__}: {words}"[:500].removesuffix(": ")


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
