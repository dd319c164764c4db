"""Words that differ by a letter or two and mean something else, so that the difference is no slip in typing."""

from __future__ import annotations

import re

_NEGATING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti", "de", "counter", "pseudo")
_NEGATED_BY_A = re.compile(
    r"(?:biotic|cellular|gnostic|moral|morph|period|politic|septic|sexual|social|symmetr|synchron|theis|tonal|typical)"
)
_OPPOSED_PREFIXES = (
    "ab/ad af/ef an/cat ana/cata ante/post anti/pro as/des bi/tri bi/uni con/di con/ex de/in di/mono down/up "
    "ec/en ecto/endo em/im endo/exo epi/hypo ex/im ex/in hetero/homo hyper/hypo in/out inter/intra inter/intro "
    "extra/intra extro/intro in/ef macro/micro max/min mono/poly multi/uni over/under post/pre sub/super pro/re "
    "ultra/infra"
)
_OPPOSED_SUFFIXES = (
    "er/ee or/ee ful/less ase/ose ane/ene ene/yne ane/yne phil/phob philic/phobic philia/phobia ic/ous fugal/petal"
)
_SALTS = re.compile(r"(?P<stem>[a-z]*(?:sul(?:f|ph)|nitr|chlor|phosph|brom|iod))(?:ate|ite|ide)s?")
# Words that the rules miss; all words of a group are different answers.
_CONFUSED = """
    adapt/adopt adapted/adopted advice/advise affect/effect aphelion/perihelion asteroid/steroid austria/australia
    calvary/cavalry capital/capitol casual/causal collage/college complement/compliment coarse/course continent/content
    council/counsel country/county desert/dessert device/devise eastern/western elicit/illicit formally/formerly
    gambia/zambia guinea/guyana iceland/ireland ingenious/ingenuous latitude/altitude marital/martial meiosis/mitosis
    monetary/momentary neural/neutral neuron/neutron northern/southern persecute/prosecute
    photon/proton precede/proceed president/resident principal/principle prussia/russia slovakia/slovenia
    stalactite/stalagmite stationary/stationery sunday/monday thiamine/thymine tuesday/thursday united/untied
    median/medial lesson/lessen later/latter nationality/rationality natural/neutral
    national/rational statue/statute human/humane
"""


def are_opposed(one: str, other: str) -> bool:
    """Say whether two similar words are known to mean different things, as increase and decrease do."""
    return (
        frozenset((one, other)) in _CONFUSED_PAIRS
        or _is_negated(one, other)
        or _is_negated(other, one)
        or any(_swaps_prefix(one, other, *pair) for pair in _PREFIX_PAIRS)
        or any(_swaps_prefix(one[::-1], other[::-1], first[::-1], second[::-1]) for first, second in _SUFFIX_PAIRS)
        or _are_salts(one, other)
        or (one.endswith("s") and other.endswith("s") and are_opposed(one[:-1], other[:-1]))
    )


def _is_negated(one: str, other: str) -> bool:
    if any(one == prefix + other for prefix in _NEGATING):
        return True
    return one == "a" + other and _NEGATED_BY_A.match(other) is not None


def _swaps_prefix(one: str, other: str, first: str, second: str) -> bool:
    return (one.startswith(first) and other == second + one[len(first) :]) or (
        other.startswith(first) and one == second + other[len(first) :]
    )


def _are_salts(one: str, other: str) -> bool:
    first, second = _SALTS.fullmatch(one), _SALTS.fullmatch(other)
    return first is not None and second is not None and first["stem"] == second["stem"] and one != other


def _pairs(listed: str) -> list[tuple[str, str]]:
    return [(first, second) for first, second in (pair.split("/") for pair in listed.split())]


_PREFIX_PAIRS = _pairs(_OPPOSED_PREFIXES)
_SUFFIX_PAIRS = _pairs(_OPPOSED_SUFFIXES)
_CONFUSED_PAIRS = {frozenset(pair) for pair in _pairs(_CONFUSED)}
