"""Words found again in another wording: exactly, folded or nearly, and never in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.relocating import relocate

OLD = "Fog is a cloud. It forms when moist air cools. It lasts for 3 days, and ships don't sail."


@pytest.mark.parametrize(
    ("quote", "new", "found"),
    [
        ("It forms when moist air cools.", "New. " + OLD, "It forms when moist air cools."),
        ("ships don't sail", OLD.replace("'", "’"), "ships don’t sail"),
        ("It forms when moist air cools.", OLD.replace("moist  air", "moist air").replace("It forms", "it\nforms"),
         "it\nforms when moist air cools."),
        ("It forms when moist air cools.", OLD.replace("cools", "cooled"), "It forms when moist air cooled"),
        ("It lasts for 3 days", OLD.replace("3", "4"), None),
        ("ships don't sail", OLD.replace("don't", "do"), None),
        ("It forms when moist air cools.", "Fog is a cloud. Nobody knows why.", None),
        ("Fog is a cloud.", f"Mist is thin. {OLD} Fog is a cloud.", "Fog is a cloud."),
    ],
)  # fmt: skip
def test_words_are_found_again_or_in_doubt_not(quote: str, new: str, found: str | None) -> None:
    place = relocate(quote, OLD.index(quote), OLD, new)
    if found is None:
        assert place is None
    else:
        assert place is not None
        assert new[place[0] : place[1]].startswith(found)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_only_moved_is_found_where_it_went(before: str, after: str) -> None:
    quote = "It forms when moist air cools."
    place = relocate(quote, OLD.index(quote), OLD, before + OLD + after)
    assert place == (len(before) + OLD.index(quote), len(before) + OLD.index(quote) + len(quote))
