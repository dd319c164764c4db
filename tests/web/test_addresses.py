"""An address that names a number that no row can have is an address of nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Cast
from tests.pages import Visitor


@pytest.mark.parametrize("number", [str(2**31 - 1), str(2**31), str(2**63), "9" * 400, "9" * 5000])
def test_a_number_beyond_every_row_is_not_found(visitor: Callable[..., Visitor], cast: Cast, number: str) -> None:
    visitor(cast.teacher).open(f"/teach/passages/{number}", 404)
