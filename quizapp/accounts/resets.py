"""Resets by mail: who forgot the password is sent a link that sets a new one, once, within an hour.

The page only notes the wish, in the same steps whoever is meant; the worker finds out whether there is anything to
send. So neither the answer nor its time tells who is here.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.links import make_link
from quizapp.accounts.names import fold
from quizapp.background.jobs import JobRun, add_job
from quizapp.background.outbox import queue_mail
from quizapp.config import Settings
from quizapp.models import OutboxMessage, Person
from quizapp.web import auditing

JOB = "reset_mail"
LIFETIME = timedelta(hours=1)
_PEOPLE_MOST = 10  # who share an address
_SUBJECT = "Set a new password"
_BODY = """\
Hello {name},

somebody, probably you, asked for a new password for Quizapp at {address}.
You sign in as “{sign_in_name}”. This link sets a new password, once, within an hour:

{address}/reset/{secret}

If it was not you, there is nothing to do: your password stays as it is.
"""


def is_by_mail(settings: Settings) -> bool:
    """Tell whether links are mailed: the address in them must be the site's own, never what a request says it is."""
    return settings.mail is not None and bool(settings.base_url)


def ask_for_mail(session: Session, given: str, now: datetime) -> None:
    """Note that whoever `given` means, a sign-in name or an address, wants a new password."""
    key = fold(given).replace("\0", "")
    column = Person.email if "@" in key else Person.sign_in_name
    meant = session.scalars(
        select(Person.id)
        .where(column == key, Person.email.is_not(None), Person.disabled_at.is_(None))
        .order_by(Person.id)
        .limit(_PEOPLE_MOST)
    )
    add_job(session, JOB, {"people": list(meant)}, now=now)


def mail_links(run: JobRun) -> None:
    """Queue the mail of one wish; done twice, it is still one mail a person."""
    for person_id in run.payload["people"]:
        with run.turn.database.write_session() as session:
            message_id = uuid.uuid5(uuid.NAMESPACE_OID, f"reset mail {run.id} {person_id}")
            if session.get(OutboxMessage, message_id) is None:
                _mail_link(session, run.turn.settings, person_id, message_id, run.turn.clock())


def _mail_link(session: Session, settings: Settings, person_id: int, message_id: uuid.UUID, now: datetime) -> None:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.email is None or person.disabled_at is not None or not is_by_mail(settings):
        return
    secret = make_link(session, person.id, LIFETIME, now)
    body = _BODY.format(
        name=person.shown_name, sign_in_name=person.sign_in_name, address=settings.base_url, secret=secret
    )
    queue_mail(session, settings, to=person.email, subject=_SUBJECT, body=body, now=now, message_id=message_id)
    auditing.record(session, person.id, "reset_link.mailed", "person", person.id, now=now)
