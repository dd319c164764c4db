"""What a device is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.web.devices import device_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36", "Chrome on Linux"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chromium/90.0 Chrome/90.0 Safari/537.36", "Chromium on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/2 Firefox/145.0", "Firefox on macOS"),
        ("", "A browser on an unknown device"),
    ],
)
def test_a_device_is_named_by_browser_and_system(user_agent: str, label: str) -> None:
    assert device_name(user_agent) == label


@given(st.text(max_size=300))
def test_a_device_label_fits_its_column_and_repeats_nothing_that_was_sent(text: str) -> None:
    label = device_name(text)
    assert len(label) <= 80
    assert "<" not in device_name(text + "<script>")
