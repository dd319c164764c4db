"""Forms of verbs: the past of one whose participle stands in the passage, and its third person."""

from __future__ import annotations

from quizapp.core.generation.texts import Token
from quizapp.core.tagging import readings

_IRREGULAR = """
    taken/took written/wrote drawn/drew given/gave known/knew broken/broke stolen/stole chosen/chose driven/drove
    spoken/spoke seen/saw done/did bitten/bit begun/began grown/grew shown/showed worn/wore torn/tore eaten/ate
    thrown/threw sung/sang run/ran hidden/hid forgotten/forgot frozen/froze woven/wove sworn/swore blown/blew
    flown/flew sewn/sewed sown/sowed overthrown/overthrew overridden/overrode undertaken/undertook borne/bore
    beaten/beat forbidden/forbade shaken/shook
    """
_PASTS = {participle: past for participle, _, past in (entry.partition("/") for entry in _IRREGULAR.split())}


def past_form(participle: Token) -> str | None:
    """Return “wrote” for “written” and “invented” for “invented”; None for a form not known."""
    word = participle.lower
    if word in _PASTS:
        return _PASTS[word]
    return word if word.endswith("ed") or "VVD" in readings(word) else None


def third_person(participle: Token) -> str | None:
    """Return “carries” for “carried”."""
    lemma = participle.lemma.lower()
    if not lemma.isalpha():
        return None
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{lemma}es"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return f"{lemma[:-1]}ies"
    return f"{lemma}s"
