"""Values and forms that no browser would send, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from urllib.parse import quote

Fields = list[tuple[str, str]]
MARKER = "qzmark"
PLANTED_HEADER = "X-Planted"
TEXTS = (
    "", " ", "\t\n", "x", "x" * 300, "x" * 70_000, "a\x00b", "\x00", "\x1b[31m", "\x7f\x85\u2028", "\ufeff", "\ufffe",
    "\u202egnp.exe", "e\u0301" * 200, "ﷺ" * 100, "İıßﬁ", "👩‍👩‍👧‍👦" * 40, "🏳️\u200d🌈", "你好", "%00", "%s%n%x",
    "{0}{x}", "{{7*7}}", "${7*7}", "' OR 1=1 --", '") OR ("1"="1', "1; DROP TABLE people", "../../../../etc/passwd",
    "C:\\nul", "|id", "`id`",
    f'"><{MARKER} x=\'', f"'><{MARKER}>", f"</textarea><{MARKER}>", f"</title><{MARKER}>", f"<{MARKER}>{{{{1}}}}",
    f"\r\n{PLANTED_HEADER}: 1", f"/topics\r\n{PLANTED_HEADER}: 1", "//evil.example/", "https://evil.example/",
    "/\\evil.example", "javascript:alert(1)", "=1+1", "@SUM(1)", "on", "null", "None", "undefined", "true",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1", "-0", "+7", " 7 ", "007", "1.5", "1,5", "1e999", "NaN", "Infinity", "0x10", "1_000", "٣", "１２",
    "²",
    str(2**31 - 1), str(2**31), str(2**53 + 1), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "9" * 400, "9" * 5000,
)  # fmt: skip
IDS = (
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "0" * 32, "g" * 36, "urn:uuid:1",
    "{12345678-1234-1234-1234-123456789abc}", "12345678123412341234123456789abc", "1.0", "1.999", "999999999.0", "0.-1",
)  # fmt: skip
MOMENTS = (
    "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "-1-01-01", "2026-11-16T25:61:61", "2026-W47-1", "24:60",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-16T09:00:00Z", "1e18",
)  # fmt: skip
LISTS = ("[]", "{}", '[{"a": [[]]}]', "a,b,,c", "," * 500, "[" * 2000)
EVERYTHING = TEXTS + NUMBERS + IDS + MOMENTS + LISTS
# What every field gets, whatever chance picks for it besides: each is the end of a mistake that people make.
ALWAYS = ("a\x00b", f"\"><{MARKER} x='", "x' \"(%", "https://evil.example/")
# Bodies that are no form, with the type they are sent as.
BODIES = (
    (b"", "application/x-www-form-urlencoded"),
    (b"%ff=%fe&\xff\xfe=\x80", "application/x-www-form-urlencoded"),
    (b"&&&==&=a&", "application/x-www-form-urlencoded; charset=utf-7"),
    (b'{"a": ["b"]}', "application/json"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "application/xml"),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x", "multipart/form-data; boundary=x"),
    (b"nothing of the kind", "multipart/form-data"),
    (b"a=1", ""),
)


def odd_value(rng: Random, present: str = "") -> str:
    """Return a value of any kind, more often one of the kind that stands there."""
    if rng.random() < 0.5:
        return rng.choice(EVERYTHING)
    if present.lstrip("-").isdecimal():
        return rng.choice((*NUMBERS, str(int(present) + rng.choice((-1, 1)))))
    if present.count("-") == 4:
        return rng.choice((*IDS, present.upper(), present[:-1], present + "0"))
    return rng.choice((present + rng.choice(TEXTS), present * 50, _noise(rng)))


def odd_values(rng: Random, present: str, tries: int) -> list[str]:
    """Return what every field gets and as many more as `tries`."""
    return [*ALWAYS, *(odd_value(rng, present) for _ in range(tries))]


def spoilt(rng: Random, fields: Fields, tries: int) -> Iterator[Fields]:
    """Give a form with each field odd in turn, missing and twice, then with several of them so."""
    for at, (name, present) in enumerate(fields):
        before, after = fields[:at], fields[at + 1 :]
        yield from ([*before, (name, value), *after] for value in odd_values(rng, present, tries))
        yield [*before, *after]
        yield [*before, (name, odd_value(rng, present)), *after, (name, present), (name, odd_value(rng))]
    for _ in range(tries):
        yield [(name, odd_value(rng, present)) for name, present in fields]
        yield [field for field in fields if rng.random() < 0.5]
        yield [(f"{name}{rng.choice(('[]', '[0]', '[a]', '.x', ''))}", present) for name, present in fields]
    yield [(odd_value(rng)[:200], odd_value(rng)) for _ in range(5)]
    yield [*fields, *((f"extra-{number}", "x") for number in range(2500))]


def spoilt_addresses(rng: Random, path: str, named: list[str], tries: int) -> Iterator[str]:
    """Give a path with each of the values that its route reads from it made odd in turn."""
    for value in named:
        for odd in odd_values(rng, value, tries):
            yield path.replace(value, quote(odd[:2000], safe="") or "%20", 1)


def _noise(rng: Random) -> str:
    return "".join(chr(rng.choice((rng.randrange(32), rng.randrange(0x20, 0xD800)))) for _ in range(rng.randrange(40)))
