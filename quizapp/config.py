"""Every setting: its default, its unit and its name in the environment.

A setting is read from `QUIZAPP_<NAME>`, or for secrets from the file that `QUIZAPP_<NAME>_FILE` names.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quizapp.errors import Misconfigured

CHECKOUT = Path(__file__).resolve().parent.parent
TEACHER_SIGN_UP = ("open", "approval", "closed")
MINIMUM_SECRET_LENGTH = 32
SHORTEST_RETENTION_DAYS = 180
_MAIL_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed in; see `read_mail_url`."""

    host: str
    port: int
    sender: str  # of the From line: "Quizapp <quizapp@school.example>"
    user: str = ""  # empty: no sign-in
    password: str = field(default="", repr=False)
    tls: str = "start"  # start (STARTTLS, else nothing is sent), always (from the first byte), none


@dataclass(frozen=True)
class LanguageModelAt:
    """Where a language model is asked, and which; an address on this machine needs no key."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings in force; see `read_settings` for where they come from."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str = ""  # public address, e.g. of links in mail; empty: taken from the request
    trusted_proxies: int = 0  # how many proxies in front set X-Forwarded-* headers
    time_zone: str = "UTC"  # of people whose browser did not say
    teacher_sign_up: str = "approval"
    staff_idle_hours: int = 12  # a teacher's or administrator's device that sends nothing is signed out after them
    is_secure: bool = False  # served over https: `__Host-` cookie, HSTS
    password_rounds: int = 2  # argon2 passes over memory
    log_format: str = "json"  # json or plain
    retention_days: int = 0  # after which unused accounts are removed, with a month's notice; 0: never
    mail: MailServer | None = None  # None: no mail is sent, and none is queued
    language_model: LanguageModelAt | None = None  # None: drafts are made by rules alone


def read_settings(environ: Mapping[str, str], **overrides: object) -> Settings:
    """Read the settings from environment variables; `overrides` win over them.

    Raises Misconfigured, naming the variable, when one is missing or can't be used.
    """
    values = _Values(environ, overrides)
    data_dir = Path(values.text("DATA_DIR", str(_default_data_dir()))).expanduser().resolve()
    settings = Settings(
        data_dir=data_dir,
        database_url=values.text("DATABASE_URL", f"sqlite:///{data_dir / 'quizapp.sqlite3'}"),
        secret_key=values.text("SECRET_KEY", ""),
        base_url=values.text("BASE_URL", "").rstrip("/"),
        trusted_proxies=values.number("TRUSTED_PROXIES", 0, 0, 9),
        time_zone=values.zone("TIME_ZONE", "UTC"),
        teacher_sign_up=values.choice("TEACHER_SIGN_UP", "approval", TEACHER_SIGN_UP),
        staff_idle_hours=values.number("STAFF_IDLE_HOURS", 12, 1, 24 * 90),
        password_rounds=values.number("PASSWORD_ROUNDS", 2, 1, 20),
        is_secure=values.text("BASE_URL", "").startswith("https://"),
        log_format=values.choice("LOG_FORMAT", "json", ("json", "plain")),
        retention_days=values.number("RETENTION_DAYS", 0, 0, 36_500),
        mail=read_mail_url(values.text("MAIL_URL", "")),
        language_model=read_language_model(environ, **overrides),
    )
    if 0 < settings.retention_days < SHORTEST_RETENTION_DAYS:
        raise Misconfigured(
            f"QUIZAPP_RETENTION_DAYS is {settings.retention_days}; it must be 0 for never, or at least "
            f"{SHORTEST_RETENTION_DAYS}: a sign-in lasts 90 days, and holidays are no end."
        )
    if not settings.secret_key:
        raise Misconfigured(
            "QUIZAPP_SECRET_KEY is not set. Set it to at least 32 random characters "
            "(`python3 -m quizapp up` makes and keeps its own)."
        )
    if len(settings.secret_key) < MINIMUM_SECRET_LENGTH:
        raise Misconfigured("QUIZAPP_SECRET_KEY is too short: use at least 32 random characters.")
    return settings


def read_mail_url(url: str) -> MailServer | None:
    """Read e.g. `smtp://user:password@host:587?from=Quizapp%20%3Cquizapp%40school.example%3E`; empty is no mail.

    `smtp://` switches to TLS before it says anything (`tls=none` forbids that, for a server on the same machine);
    `smtps://` speaks TLS from the start. User, password and sender are percent-encoded. Raises Misconfigured, which
    never repeats the address: it holds a password.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or _MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise Misconfigured("QUIZAPP_MAIL_URL must start with smtp:// or smtps:// and name a host.") from error
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    tls = asked.get("tls", "always" if parts.scheme == "smtps" else "start")
    if not parts.hostname or "@" not in asked.get("from", ""):
        raise Misconfigured(
            "QUIZAPP_MAIL_URL needs a host and a sender, as in smtp://host?from=quizapp%40school.example."
        )
    if tls not in (("always",) if parts.scheme == "smtps" else ("start", "none")) or asked.keys() - {"from", "tls"}:
        raise Misconfigured(
            "QUIZAPP_MAIL_URL takes from=… and, with smtp://, tls=start or tls=none after the question mark."
        )
    return MailServer(
        host=parts.hostname, port=port, sender=asked["from"], tls=tls,
        user=unquote(parts.username or ""), password=unquote(parts.password or ""),
    )  # fmt: skip


def read_language_model(environ: Mapping[str, str], **overrides: object) -> LanguageModelAt | None:
    """Read where a language model is asked, or None where no address is set. Raises Misconfigured."""
    values = _Values(environ, overrides)
    base_url, model = values.text("LLM_BASE_URL", ""), values.text("LLM_MODEL", "")
    api_key = values.text("LLM_API_KEY", "")
    if not base_url and not model:
        return None
    if not model or urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise Misconfigured(
            "A language model needs QUIZAPP_LLM_BASE_URL, as in https://host/v1, and QUIZAPP_LLM_MODEL, its name there."
        )
    return LanguageModelAt(base_url, model, api_key)


def kept_secret_key(data_dir: Path) -> str:
    """Return the secret key kept in `data_dir`, made on first use and readable by its owner only."""
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def with_kept_key(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment, with the secret key that `up` keeps where it names none and one is kept."""
    kept = data_dir_of(environ) / "secret_key"
    is_named = "QUIZAPP_SECRET_KEY" in environ or "QUIZAPP_SECRET_KEY_FILE" in environ
    return dict(environ) if is_named or not kept.is_file() else {**environ, "QUIZAPP_SECRET_KEY_FILE": str(kept)}


def data_dir_of(environ: Mapping[str, str]) -> Path:
    """Return the data folder that `read_settings` would use."""
    return Path(_Values(environ, {}).text("DATA_DIR", str(_default_data_dir()))).expanduser().resolve()


def is_checkout() -> bool:
    """Tell whether the package runs from a checkout, where `migrations` and `seed` stand beside it."""
    return (CHECKOUT / "pyproject.toml").is_file()


def shipped(name: str) -> Path:
    """Return the folder `migrations` or `seed`: beside `pyproject.toml` in a checkout, else inside the package."""
    return CHECKOUT / name if is_checkout() else Path(__file__).resolve().parent / f"_{name}"


def _default_data_dir() -> Path:
    return CHECKOUT / "instance" if is_checkout() else Path.cwd() / "instance"


class _Values:
    def __init__(self, environ: Mapping[str, str], overrides: Mapping[str, object]) -> None:
        self.environ = environ
        self.overrides = overrides

    def text(self, name: str, default: str) -> str:
        if name.lower() in self.overrides:
            return str(self.overrides[name.lower()])
        variable = f"QUIZAPP_{name}"
        if variable in self.environ:
            return self.environ[variable].strip()
        if file := self.environ.get(f"{variable}_FILE"):
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise Misconfigured(f"{variable}_FILE names {file}, which can't be read: {error.strerror}.") from error
        return default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name, str(default))
        if not text.isdecimal() or not low <= int(text) <= high:
            raise Misconfigured(f"QUIZAPP_{name} is “{text}”; it must be a whole number from {low} to {high}.")
        return int(text)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        text = self.text(name, default)
        if text not in choices:
            raise Misconfigured(f"QUIZAPP_{name} is “{text}”; it must be one of {', '.join(choices)}.")
        return text

    def zone(self, name: str, default: str) -> str:
        text = self.text(name, default)
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Misconfigured(f"QUIZAPP_{name} is “{text}”, which is no known time zone.") from error
        return text
