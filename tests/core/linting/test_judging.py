"""The linter as a whole: it judges anything that can be an item, in any alphabet, and says where to look."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.items import Item
from quizapp.core.linting import lint, lint_together
from quizapp.core.linting.findings import WEIGHTS
from tests.core.linting.planted import PASSAGE, card, choice, cloze, matching, ordering, statement, typed

TARGETS = re.compile(
    r"(?:stem|options(?:\.[a-h]|\.true|\.false)?|accepted\.\d+|gaps\.\d+|answer|pairs(?:\.\d+)?|order\.\d+"
    r"|evidence(?:\.\d+)?|feedback|bloom|enemies|)"
)
TEXTS = st.text(min_size=1, max_size=60).filter(str.strip) | st.sampled_from(
    ["It", "A and B", "“", "1991", "-", "…", "Why", "НАТО и Украина", "(", "an old", "Not true", "____", "The UN"]
)
ITEMS = st.one_of(
    st.builds(lambda stem, texts: choice(*texts, stem=stem), TEXTS, st.lists(TEXTS, min_size=2, max_size=6)),
    st.builds(typed, TEXTS, TEXTS, TEXTS),
    st.builds(lambda stem, is_true: statement(stem, is_true=is_true), TEXTS, st.booleans()),
    st.builds(lambda before, key: cloze(f"{before}{{{{1}}}}", key), TEXTS, TEXTS),
    st.builds(card, TEXTS, TEXTS),
    st.builds(lambda *texts: matching(*zip(texts[:3], texts[3:], strict=True)), *[TEXTS] * 6),
    st.builds(ordering, TEXTS, TEXTS, TEXTS),
)


@given(ITEMS, st.booleans())
def test_any_item_is_judged_and_every_finding_is_whole(item: Item, has_passage: bool) -> None:
    for finding in lint(item, PASSAGE if has_passage else None):
        assert TARGETS.fullmatch(finding.target)
        assert finding.message.endswith((".", "?"))
        assert (finding.severity == "error") == (finding.weight == 0)
        assert finding.weight == WEIGHTS.get(finding.code, 0)
        assert (finding.severity == "info") == (finding.weight == 1)


@given(st.lists(ITEMS, max_size=4))
def test_any_items_are_judged_together(items: list[Item]) -> None:
    places = [place for place, _ in lint_together(items, PASSAGE)]
    assert places == sorted(places)
    assert all(0 <= place < len(items) for place in places)
