"""The bill of materials holds every locked package with its hashes and its licence, or there is none."""

from __future__ import annotations

import re

import pytest

from tests.scanners.bill import LOCK, Incomplete, bill, licence_of


def test_every_locked_package_is_in_it_with_hashes_and_licence() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    components = bill(lock)["components"]
    assert {(part["name"], part["version"]) for part in components} == set(re.findall(r"^([\w.-]+)==(\S+)", lock, re.M))
    assert sum(len(part["externalReferences"]) for part in components) == lock.count("--hash=sha256:")
    assert all(part["licenses"][0]["license"]["name"] for part in components)


@pytest.mark.parametrize(
    "planted",
    ["flask==3.1.3", "flask --hash=sha256:" + "0" * 64, "no-such-package==1.0 --hash=sha256:" + "0" * 64],
)
def test_a_planted_gap_is_found(planted: str) -> None:
    with pytest.raises(Incomplete):
        bill(LOCK.read_text(encoding="utf-8") + planted + "\n")


def test_a_licence_is_read_from_the_package() -> None:
    assert "BSD" in licence_of("flask")
