"""The hard gates, for items of any provider: what fails one is dropped, and its reason told.

They are the linter's errors (evidence verbatim, one key, nothing pointing outside the stem, options alike, sensitive
matter, bounds, marks and articles), and two that only made items must pass: the key is derivable from the evidence,
and nothing asked before is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.core.generation.drafts import GENERATOR_VERSION, Candidate, Draft, Refused
from quizapp.core.generation.priors import expected_rate
from quizapp.core.items import Item, Matching, Numeric, Ordering, TrueFalse, key_text, plain_stem
from quizapp.core.linting import Finding, lint, lint_together
from quizapp.core.linting.findings import gate
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import quoted, roots

__all__ = ["GENERATOR_VERSION", "judge"]

_DERIVED = 0.8  # of the key's content words stand in the evidence
_LONGEST_ANSWER = 24  # words on the back of a card
_PER_WEIGHT = 0.05  # of the expected rate, for a finding of weight 1


def judge(
    candidate: Candidate,
    passage: str,
    existing: Sequence[Item] = (),
    *,
    version: str = GENERATOR_VERSION,
    seed: str = "",
    judged: tuple[int, int] = (0, 0),
) -> Draft | Refused:
    """Return the candidate as a draft, or why it is none.

    `existing` are items on the same passage, against which near duplicates are told. `judged` is how many drafts of
    the rule reviewers have accepted and how many they judged.
    """
    item = candidate.item
    findings = lint(item, passage)
    errors = [finding for finding in findings if finding.severity == "error"]
    errors += _derivability(item, passage)
    errors += _repetition(item, existing)
    if errors:
        return Refused(reason=errors[0].code, findings=(*errors, *findings))
    weight = sum(finding.weight for finding in findings)
    rank = expected_rate(candidate.rule, judged) + 0.1 * (candidate.worth - 0.5) - _PER_WEIGHT * weight
    return Draft(
        item=replace(item, enemies=tuple(sorted({*item.enemies, *enemies_among(item, existing)}))),
        rule=candidate.rule,
        version=version,
        seed=seed,
        rank=min(max(rank, 0.01), 0.99),
        findings=findings,
    )


def enemies_among(item: Item, others: Sequence[Item]) -> list[str]:
    """Return the ids of other items that ask the same fact, or give this one away, or are given away by it."""
    return [other.external_id for other in others if other.external_id and _are_enemies(item, other)]


def _are_enemies(item: Item, other: Item) -> bool:
    if not (_matter(item) & roots(key_text(other)) or _matter(other) & roots(key_text(item))):
        return False
    placed = lint_together([item, other])
    return any(finding.code in {"leak", "same-fact", "near-duplicate"} for _, finding in placed)


def _matter(item: Item) -> frozenset[str]:
    return roots(plain_stem(item.stem)) | roots(key_text(item))


def _derivability(item: Item, passage: str) -> Iterator[Finding]:
    subject = Subject(item, passage)
    source = frozenset[str]().union(*map(roots, subject.evidence_sentences))
    texts = [key.text for key in subject.keys]
    if isinstance(item, Matching | Ordering):
        texts = [key_text(item)]
    elif isinstance(item, TrueFalse) and not subject.is_false_statement:
        texts = [item.stem.split(",", 1)[-1]]
    elif isinstance(item, Numeric):
        texts = []  # the number may be written in words; the rule that reads it answers for it
    for text in texts:
        wanted = roots(text)
        if wanted and len(wanted & source) < _DERIVED * len(wanted):
            beyond = quoted(sorted(wanted - source))
            yield gate("not-derivable", f"The evidence does not hold {beyond}. Quote what settles the answer.", "")


def _repetition(item: Item, existing: Sequence[Item]) -> Iterator[Finding]:
    for other in existing:
        for place, finding in lint_together([other, item]):
            if place == 1 and finding.code == "near-duplicate":
                yield finding
                return
