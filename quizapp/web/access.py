"""Who may open which page: deny by default, one registry of rules, and the only door to Flask-Login.

Every view names its rule with `@access(...)`; a view without one does not exist for anybody. Rules speak of roles.
Whose row it is, is the business of the select that loads it: a stranger's row is "not found".
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_login import (  # type: ignore[import-untyped]  # the package ships no types
    LoginManager,
    current_user,
    login_user,
    logout_user,
)
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp.core.days import study_day
from quizapp.database import reading, with_next_write
from quizapp.errors import NotFound
from quizapp.models import Person, SignIn, has_plans
from quizapp.web.clock import now
from quizapp.web.settings import settings_in_force

_VIEWER = (
    select(
        Person.id, Person.shown_name, func.coalesce(Person.sign_in_name, "").label("sign_in_name"), Person.email,
        Person.role, Person.created_at, Person.time_zone,
        Person.day_start_hour, Person.theme, Person.is_keys_on, Person.new_cards_per_day, Person.minutes_per_day,
        Person.week, Person.days_off, Person.is_fuzz_on, Person.is_typing_on, Person.session_length,
        Person.target_retention, Person.parameters_id, has_plans(Person.id).label("has_plans"),
        Person.teacher_wanted_at,
        SignIn.id.label("sign_in_id"), SignIn.seen_at,
    )
    .join(SignIn, SignIn.person_id == Person.id)
    .where(SignIn.id == bindparam("sign_in_id"), SignIn.ended_at.is_(None), Person.disabled_at.is_(None))
)  # fmt: skip
LEARNERS_IDLE = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=5)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_BROWSER = "browser"
_GUEST = "guest"
_NAMES_A_BROWSER = 8
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Viewer:
    """The signed-in person as pages know them."""

    id: int
    shown_name: str
    sign_in_name: str  # empty: a guest
    email: str | None
    role: str
    created_at: datetime
    time_zone: str
    day_start_hour: int
    theme: str
    is_keys_on: bool
    new_cards_per_day: int
    minutes_per_day: int | None
    week: str
    days_off: str
    is_fuzz_on: bool
    has_plans: bool
    is_typing_on: bool
    session_length: str
    target_retention: float
    parameters_id: int
    teacher_wanted_at: datetime | None
    sign_in_id: uuid.UUID
    seen_at: datetime
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie carries: the random id of this sign-in."""
        return self.sign_in_id.hex

    @property
    def is_guest(self) -> bool:
        """Whether they have no account: known on this browser only, and not for long."""
        return self.role == "guest"

    @property
    def is_teacher(self) -> bool:
        """Whether they may write and publish sets."""
        return self.role in ("teacher", "admin")

    @property
    def zone(self) -> ZoneInfo:
        """Their time zone."""
        return ZoneInfo(self.time_zone)

    def study_day(self, moment: datetime) -> date:
        """Return the day of study that `moment` falls on for them."""
        return study_day(moment, self.time_zone, self.day_start_hour)


Rule = Callable[[Viewer | None], bool]

RULES: dict[str, Rule] = {
    "anyone": lambda viewer: True,
    "person": lambda viewer: viewer is not None,  # a guest too
    "account": lambda viewer: viewer is not None and not viewer.is_guest,
    "teacher": lambda viewer: viewer is not None and viewer.is_teacher,
    "admin": lambda viewer: viewer is not None and viewer.role == "admin",
}


def access(rule: str) -> Callable[[View], View]:
    """Mark a view with the rule, a key of RULES, that admits people to it."""
    if rule not in RULES:
        raise ValueError(f"no access rule {rule!r}")

    def mark(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> str | None:
    """Return the name of the rule of a page; None: nobody may open it."""
    return getattr(app.view_functions[endpoint], "access", None)


def viewer() -> Viewer | None:
    """Return the signed-in person, or None."""
    return cast(Viewer, current_user) if current_user.is_authenticated else None


def me() -> Viewer:
    """Return the signed-in person on pages that only signed-in people reach."""
    person = viewer()
    if person is None:
        raise NotFound
    return person


def start_sign_in(sign_in_id: uuid.UUID, given: str = "") -> None:
    """Make this browser the device of the stored sign-in; what the cookie held before is dropped.

    A guest that it was before is remembered, see `guest_before`.
    `given`, the folded name that opened the door, is from now on known to have signed in on this browser.
    """
    before = viewer()
    browser = cookie.get(_BROWSER, {"id": secrets.token_hex(8), "names": []})
    names = [_mark(given), *(name for name in browser["names"] if name != _mark(given))][:_NAMES_A_BROWSER]
    cookie.clear()
    cookie[_BROWSER] = {"id": browser["id"], "names": names if given else browser["names"]}
    person = _load(sign_in_id.hex)
    if person is None:
        raise ValueError("sign-in not stored")
    if before is not None and before.is_guest and before.id != person.id:
        cookie[_GUEST] = before.get_id()
    login_user(person)
    cookie.permanent = True


def guest_before() -> Viewer | None:
    """Return the guest that this browser was before somebody signed in to their account; None when there is none."""
    guest = _load(cookie[_GUEST]) if _GUEST in cookie else None
    return guest if guest is not None and guest.is_guest else None


def forget_guest() -> None:
    """Forget the guest before, who was kept or removed."""
    cookie.pop(_GUEST, None)


def end_sign_in() -> None:
    """Forget who is signed in here; the caller has ended the stored sign-in."""
    logout_user()
    browser = cookie.get(_BROWSER)
    cookie.clear()
    if browser:
        cookie[_BROWSER] = browser
        cookie.permanent = True


def browser_known_to(given: str) -> str:
    """Return the random id of this browser when somebody signed in on it as `given`, folded; else nothing."""
    browser = cookie.get(_BROWSER)
    return browser["id"] if browser and _mark(given) in browser["names"] else ""


def stop_asking_who() -> None:
    """Take whoever is not known yet for nobody during the rest of this request: the database can't tell."""
    if not hasattr(g, "_login_user"):  # where Flask-Login keeps whom it found
        current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]


def idle_limit(role: str) -> timedelta:
    """Return how long a device of somebody with this role stays signed in without sending anything."""
    settings = settings_in_force()
    return timedelta(hours=settings.staff_idle_hours) if role in ("teacher", "admin") else LEARNERS_IDLE


def local_path(target: str | None, default: str) -> str:
    """Return `target` when it is a path on this site, else `default`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or _has_control(target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def init_app(app: Flask) -> None:
    """Put the door before every page of `app`."""
    # Its own init_app would read the session after every request, for a remember cookie that nobody gets.
    manager = app.login_manager = LoginManager()  # type: ignore[attr-defined]  # where Flask-Login looks for it
    manager.session_protection = None  # it would tie a sign-in to an address, which phones change all day
    manager.user_loader(_load)
    app.before_request(_admit)


def _load(sign_in_id: str) -> Viewer | None:
    try:
        key = uuid.UUID(hex=sign_in_id)
    except ValueError:
        return None
    row = reading().execute(_VIEWER, {"sign_in_id": key}).one_or_none()
    if row is None or now() - row.seen_at > idle_limit(row.role):
        return None
    if request.method not in SAFE_METHODS and now() - row.seen_at > SEEN_EVERY:
        with_next_write(partial(_note_seen, sign_in_id=key, moment=now()))
        cookie.modified = True  # its time begins anew, too
    return Viewer(**row._mapping)


def _note_seen(session: Session, *, sign_in_id: uuid.UUID, moment: datetime) -> None:
    # Who holds the row ends the sign-in or notes the same; nobody waits for either.
    row = select(SignIn.id).where(SignIn.id == sign_in_id).with_for_update(skip_locked=True)
    session.execute(
        update(SignIn).where(SignIn.id.in_(row)).values(seen_at=moment).execution_options(synchronize_session=False)
    )


def _admit() -> Response | None:
    if request.endpoint is None:
        return None  # 404 and 405 are told by the router
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        current_app.logger.error("page without an access rule", extra={"endpoint": request.endpoint})
        raise NotFound
    person = viewer() if rule != "anyone" else None  # style sheets need no look at who asks
    if RULES[rule](person):
        return None
    if person is None and "accounts.sign_in" in current_app.view_functions:
        target = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("accounts.sign_in", next=target), 303)
    raise NotFound


def _mark(given: str) -> str:
    # The cookie is signed but can be read: the next person at a shared computer must not learn who sat there.
    key = settings_in_force().secret_key.encode()
    return hmac.digest(key, f"known on this browser: {given}".encode(), hashlib.sha256).hex()[:16]


def _has_control(text: str) -> bool:
    # Browsers drop some of these from an address, and take a backslash for a slash.
    return any(unicodedata.category(character) in _UNSEEN or character == "\\" for character in text)
