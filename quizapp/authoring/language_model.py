"""A language model behind any address that speaks the OpenAI protocol: the only place that opens a socket to one.

Off unless the operator names an address and a model. Nothing here is trusted: replies go through `core.generation.llm`
and its gates, and whatever fails falls back to the rules with a sentence that says so.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from quizapp.config import LanguageModelAt
from quizapp.core.generation import Candidate, Draft, Generated, Refused, judge
from quizapp.core.generation.llm import (
    MODES,
    PROMPT_VERSION,
    Request,
    blind_failures,
    checking_request,
    drafting_request,
    read_reply,
    repairing_request,
)
from quizapp.core.items import Item
from quizapp.errors import Unreadable

MOST_CALLS = 4  # for a passage
MOST_TOKENS = 12_000  # for a passage
_SECONDS = 60.0
_RETRIES = 2  # on 408, 429 and 5xx, with jitter
_AT_ONCE = 2
_FAILURES = 5  # in a row, after which nothing is asked for a while
_REST_SECONDS = 300.0


class ModelFailed(Exception):
    """The model could not be used; the message says why, and whoever asked goes on with the rules."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Reply:
    """What a model said, whether it was cut off, and the tokens it took."""

    text: str
    is_cut: bool
    tokens: int


@dataclass
class Breaker:
    """Stops asking an endpoint that failed several times in a row, for a while."""

    clock: Callable[[], float] = time.monotonic
    failures: int = 0
    opened_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self) -> None:
        """Raise ModelFailed while the endpoint rests."""
        with self.lock:
            if self.failures >= _FAILURES and self.clock() - self.opened_at < _REST_SECONDS:
                raise ModelFailed("The model failed several times and is left alone for five minutes.")

    def note(self, *, is_failure: bool) -> None:
        """Count a call that failed, or forget those before one that did not."""
        with self.lock:
            self.failures = self.failures + 1 if is_failure else 0
            self.opened_at = self.clock()


class LanguageModel:
    """One endpoint: how it is asked for JSON, whether it rests, and how many calls are under way."""

    def __init__(self, at: LanguageModelAt, *, breaker: Breaker | None = None, seconds: float = _SECONDS) -> None:
        """Prepare to ask; no socket is opened yet. Raises ModelFailed where the extra is not installed."""
        try:
            self._openai: Any = import_module("openai")
        except ModuleNotFoundError as error:
            raise ModelFailed("A language model needs the extra: pip install 'quizapp[llm]'.") from error
        self.at = at
        self.breaker = breaker or Breaker()
        self._mode = 0  # of MODES; what an endpoint refused once is not asked again
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._client = self._openai.OpenAI(
            base_url=at.base_url, api_key=at.api_key or "none", timeout=seconds, max_retries=_RETRIES
        )

    @property
    def host(self) -> str:
        """The host that passages are sent to."""
        return host_of(self.at)

    def ask(self, request: Request, most_tokens: int) -> Reply:
        """Send a request and return the reply. Raises ModelFailed with a sentence."""
        self.breaker.check()
        with self._turns:
            try:
                reply = self._ask(request, most_tokens)
            except self._openai.OpenAIError as error:
                self.breaker.note(is_failure=True)
                raise ModelFailed(_sentence(self._openai, error)) from error
            except ValueError as error:  # a body that is no JSON
                self.breaker.note(is_failure=True)
                raise ModelFailed("The model’s server sent something that is no reply.") from error
        self.breaker.note(is_failure=False)
        return reply

    def _ask(self, request: Request, most_tokens: int) -> Reply:
        while True:
            mode = MODES[self._mode]
            try:
                said = self._client.chat.completions.create(
                    model=self.at.model, messages=request.messages(mode), max_tokens=most_tokens, temperature=0.2,
                    **_format(mode, request),
                )  # fmt: skip
            except self._openai.BadRequestError:
                if self._mode + 1 == len(MODES):
                    raise
                self._mode += 1
                continue
            return _reply(said)


def host_of(at: LanguageModelAt) -> str:
    """Return the host that passages are sent to."""
    return urlsplit(at.base_url).hostname or at.base_url


def draft_with_model(
    model: LanguageModel,
    passage: str,
    existing: Sequence[Item] = (),
    *,
    count: int = 8,
    priors: tuple[int, int] = (0, 0),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Generated:
    """Return drafts that the model proposed, the gates let through and a blind second call answered with the key.

    At most four calls: asking, once more for half when the reply is cut off, checking, one round of repair. Raises
    ModelFailed.
    """
    return _Session(model, passage, existing, priors, progress).run(count)


class _Session:
    def __init__(
        self,
        model: LanguageModel,
        passage: str,
        existing: Sequence[Item],
        priors: tuple[int, int],
        progress: Callable[[int, int], None],
    ) -> None:
        self.model, self.passage, self.existing, self.priors = model, passage, tuple(existing), priors
        self.progress = progress
        self.calls, self.tokens = 0, 0
        self.dropped: Counter[str] = Counter()

    def run(self, count: int) -> Generated:
        drafts, refused = self._judged(self._proposed(count), ())
        if refused and self._may_ask(spare=1):
            request = repairing_request(
                self.passage, [(candidate.item, found.findings) for candidate, found in refused], self.existing
            )
            try:
                mended = read_reply(self._ask(request).text, self.passage, self.model.at.model)
            except Unreadable:
                self.dropped["unreadable"] += 1
            else:
                self.dropped.update(mended.dropped)
                more, refused = self._judged(mended.candidates, drafts)
                drafts += more
        for _, found in refused:
            self.dropped[found.reason] += 1
        return Generated(drafts=tuple(self._checked(drafts)), dropped=dict(sorted(self.dropped.items())))

    def _proposed(self, count: int) -> Sequence[Candidate]:
        reply = self._ask(drafting_request(self.passage, self.existing, count))
        if reply.is_cut:
            reply = self._ask(drafting_request(self.passage, self.existing, max(1, count // 2)))
        try:
            proposed = read_reply(reply.text, self.passage, self.model.at.model)
        except Unreadable as error:
            raise ModelFailed(error.reason) from error
        self.dropped.update(proposed.dropped)
        return proposed.candidates

    def _judged(
        self, candidates: Sequence[Candidate], before: Sequence[Draft]
    ) -> tuple[list[Draft], list[tuple[Candidate, Refused]]]:
        drafts: list[Draft] = []
        refused: list[tuple[Candidate, Refused]] = []
        for candidate in candidates:
            known = [*self.existing, *(draft.item for draft in (*before, *drafts))]
            outcome = judge(candidate, self.passage, known, version=f"prompt {PROMPT_VERSION}", judged=self.priors)
            if isinstance(outcome, Refused):
                refused.append((candidate, outcome))
            else:
                drafts.append(outcome)
        return drafts, refused

    def _checked(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Keep what a call that did not see the key answered with it; without that call nothing is kept."""
        if not drafts:
            return []
        items = [draft.item for draft in drafts]
        try:
            failures = blind_failures(self._ask(checking_request(self.passage, items)).text, self.passage, items)
        except Unreadable as error:
            raise ModelFailed("The model could not check its own questions, so none is kept.") from error
        self.dropped.update(failure for failure in failures if failure)
        kept = [draft for draft, failure in zip(drafts, failures, strict=True) if not failure]
        return sorted(kept, key=lambda draft: -draft.rank)

    def _may_ask(self, spare: int) -> bool:
        return self.calls + spare < MOST_CALLS and self.tokens < MOST_TOKENS * 2 // 3

    def _ask(self, request: Request) -> Reply:
        if self.calls >= MOST_CALLS or self.tokens >= MOST_TOKENS:
            raise ModelFailed("The model took more than a passage may take, so its questions are not kept.")
        self.calls += 1
        reply = self.model.ask(request, min(4000, MOST_TOKENS - self.tokens))
        self.tokens += reply.tokens
        self.progress(self.calls, MOST_CALLS)
        return reply


def _format(mode: str, request: Request) -> dict[str, Any]:
    if mode == "text":
        return {}
    if mode == "json_object":
        return {"response_format": {"type": "json_object"}}
    schema = {"name": "reply", "strict": True, "schema": dict(request.schema)}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _reply(said: Any) -> Reply:
    """Read a reply of the protocol; usage that is not told is reckoned from the length."""
    try:
        choice = said.choices[0]
        text = choice.message.content or ""
        is_cut = choice.finish_reason == "length"
    except (AttributeError, IndexError, TypeError) as error:
        raise ValueError("no reply") from error
    usage = getattr(said, "usage", None)
    tokens = getattr(usage, "total_tokens", None)
    return Reply(text, is_cut, tokens if isinstance(tokens, int) else len(text) // 3 + 2000)


def _sentence(openai: Any, error: Exception) -> str:
    if isinstance(error, openai.APITimeoutError):
        return "The model did not answer in time."
    if isinstance(error, openai.RateLimitError):
        return "The model has too much to do just now."
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return "The model refused our key. Whoever runs this site can mend that."
    if isinstance(error, openai.APIConnectionError):
        return "The model can’t be reached."
    if isinstance(error, openai.APIStatusError):
        return f"The model’s server answered with an error ({error.status_code})."
    return "The model’s server sent something that is no reply."
