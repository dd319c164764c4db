"""Style sheets and scripts: an address that changes with the content, kept for ever, compressed once."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask

from quizapp.web.assets import asset
from tests.builders import counted_queries
from tests.conftest import Cast
from tests.pages import Visitor

NAMES = ["page.css", "page.js", "focus.js", "icons.svg", "favicon.svg"]


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_may_be_kept_for_ever(app: Flask, visitor: Callable[..., Visitor], name: str) -> None:
    with app.test_request_context():
        address = asset(name)
    assert re.fullmatch(rf"/assets/[0-9a-f]{{12}}/{re.escape(name)}", address)
    response = visitor().client.get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    compressed = visitor().client.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.data) == response.data
    assert len(compressed.data) < len(response.data)


def test_an_older_address_gives_the_present_content_and_is_not_kept(visitor: Callable[..., Visitor]) -> None:
    response = visitor().client.get("/assets/000000000000/page.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


def test_nothing_else_is_an_asset(visitor: Callable[..., Visitor]) -> None:
    for path in ("/assets/x/app.py", "/assets/x/..%2fapp.py", "/assets/x/%2e%2e/app.py", "/static/css/ORDER"):
        assert visitor().client.get(path).status_code == 404


def test_under_a_prefix_addresses_have_it(app: Flask) -> None:
    with app.test_request_context("/", base_url="http://localhost/quiz"):
        assert asset("page.css").startswith("/quiz/assets/")


def test_pages_name_no_other_host(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/topics")
    for element in page.root.iter():
        for name in ("src", "href", "action"):
            value = element.get(name, "")
            assert not re.match(r"(?:[a-z]+:)?//", value), value


def test_an_asset_asks_nothing_of_the_database(app: Flask, visitor: Callable[..., Visitor], cast: Cast) -> None:
    with app.test_request_context():
        address = asset("page.css")
    client = visitor(cast.student).client
    with counted_queries(app) as statements:
        assert client.get(address).status_code == 200
    assert statements == []
