"""Time zones as people choose them, and as browsers name them."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

Choices = dict[str, dict[str, str]]  # region -> zone -> its name in words

_REGIONS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)


def known_zone(name: str | None, default: str) -> str:
    """Return `name` when it is a time zone, e.g. "Europe/Berlin", else `default`."""
    return name if name in _known() else default


def zone_choices(current: str) -> Choices:
    """Return the zones by region, places in order; `current` is among them however it is spelled."""
    choices = {region: dict(places) for region, places in _by_region().items()}
    if not any(current in places for places in choices.values()):
        choices["Others"][current] = current.replace("_", " ")
    return choices


@lru_cache
def _known() -> frozenset[str]:
    # The first two are no places: one means "whatever this machine is set to", the other "not set".
    return frozenset(available_timezones() - {"localtime", "Factory"})


@lru_cache
def _by_region() -> Choices:
    choices: Choices = {}
    for zone in sorted(_known()):
        region, _, place = zone.partition("/")
        if place and region in _REGIONS:
            choices.setdefault(region, {})[zone] = place.replace("_", " ").replace("/", ", ")
    choices["Others"] = {"UTC": "UTC"}
    return choices
