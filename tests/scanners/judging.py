"""What no answer may be, whatever was asked: broken, telling, bare of headers, an echo, an exit, or invalid HTML."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from html5lib.html5parser import ParseError
from werkzeug.wrappers import Response

from quizapp.web.rendering import CONTENT_SECURITY_POLICY
from tests.pages import judge, parse
from tests.scanners.values import MARKER, PLANTED_HEADER

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICTER = ("sandbox; default-src 'none'",)  # of a file that is no page
_INSIDE = re.compile(
    r"Traceback \(most recent call last\)|sqlalchemy\.exc|sqlite3\.|site-packages|werkzeug\.exceptions"
)
# Pages that differ in nothing but these have one structure, which is judged once.
_VALUES = re.compile(r'value="[^"]*"|<textarea[^>]*>[^<]*|[0-9a-f-]{16,}|[0-9]+')


class Judge:
    """Judges answers; of pages with one structure, the first."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def faults(self, response: Response) -> list[str]:
        """Return what is wrong with an answer, a sentence each."""
        found = [f"answers {response.status_code}"] if response.status_code >= 500 else []
        found += [
            f"lacks {name}" for name, value in HEADERS.items() if response.headers.get(name) not in (value, *STRICTER)
        ]
        if "Cache-Control" not in response.headers:
            found.append("does not say whether it may be kept")
        if PLANTED_HEADER in response.headers:
            found.append("takes a header from what was sent")
        if urlsplit(response.headers.get("Location", "")).netloc not in ("", "localhost"):
            found.append(f"leads to {response.headers['Location'][:80]}")
        if response.mimetype == "text/html":
            found += self._faults_of_text(response.get_data(as_text=True))
            if not 300 <= response.status_code < 400:  # nobody reads what stands in a redirect
                found += self._faults_of_page(response.get_data(as_text=True))
        return found

    def _faults_of_text(self, text: str) -> list[str]:
        found = ["tells what is inside"] if _INSIDE.search(text) else []
        return [*found, "writes what was sent as markup"] if f"<{MARKER}" in text else found

    def _faults_of_page(self, text: str) -> list[str]:
        digest = hashlib.sha256(_VALUES.sub("", text).encode()).hexdigest()
        if digest in self._seen or not text:
            return []
        self._seen.add(digest)
        try:
            judge(parse(text), "page")
        except (AssertionError, ParseError) as error:
            return [f"is no valid page: {error!r}"[:200]]
        return []
