"""Questions for what a verb acts on or goes with: “What does X release?”, “What is X packed with?”."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.core.generation.asking import asked, chunks, content_count, with_attached
from quizapp.core.generation.building import card, short_or_card
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.keys import answers_for, is_good_key
from quizapp.core.generation.persons import is_person
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.linting.wording import word_set

_LIGHT = word_set("""
    be become have make take get give do put let seem keep say call want like see go come tend begin start stop
    continue help remain stay prove look appear try turn set hold run bring show mean feel move lie stand tell ask
    add leave play find found name follow represent
    """)
_WITH_PREPOSITION = {
    "depend": {"on", "upon"}, "rely": {"on", "upon"}, "consist": {"of"}, "lead": {"to"}, "belong": {"to"},
    "stem": {"from"}, "suffer": {"from"}, "correspond": {"to"}, "result": {"in", "from"}, "feed": {"on"},
    "differ": {"from"}, "come": {"from"}, "react": {"with"}, "contribute": {"to"}, "rest": {"on"}, "refer": {"to"},
    "turn": {"into"}, "condense": {"into"}, "crumple": {"into"}, "grow": {"into"}, "develop": {"into"},
    "change": {"into"}, "orbit": {"around"}, "live": {"on"}, "compete": {"for"}, "specialise": {"in"},
    "specialize": {"in"}, "open": {"into"}, "flow": {"into"}, "descend": {"from"}, "derive": {"from"},
}  # fmt: skip
_FREE_PREPOSITIONS = word_set("into from through on against with upon around")
_SAYING = word_set("announce discover find show notice prove report claim argue suggest conclude predict warn observe")
_PERSONAL = word_set("it they he she we you i them him us me these those this")
_PASSIVE_PREPOSITIONS = word_set("with from of into to for")


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give questions for objects and for complements with a preposition."""
    for read in reading.reads:
        pieces = chunks(read.clause.rest)
        if not pieces:
            continue
        if read.clause.is_passive:
            yield from _passive(reading, read)
        elif pieces[0].kind == "np" and read.clause.main_verb.lemma.lower() not in _LIGHT:
            if read.clause.main_verb.tag[:2] == "VV":
                yield from _object(reading, read)
        elif pieces[0].kind == "pp":
            yield from _prepositional(reading, read)
        elif pieces[0].kind == "infinitive":
            yield from _infinitive(reading, read)
        elif read.clause.rest[0].tag == "CJT" and read.clause.main_verb.lemma.lower() in _SAYING:
            yield from _said(reading, read)


def _object(reading: Reading, read: Read) -> Iterator[Candidate]:
    pieces = chunks(read.clause.rest)
    first = with_attached(read.clause.rest, pieces, 0)
    pieces = [piece for piece in pieces if piece.start >= first.end or piece.start == 0]
    tokens = read.clause.rest[first.start : first.end]
    if any(piece.kind in {"infinitive", "adjective", "other", "that", "participle", "np"} for piece in pieces[1:]):
        return
    if not is_good_key(tokens) or is_person(reading.passage, tokens) or (first.is_modified and len(tokens) > 12):
        return
    question = asked(reading, read, "what", (first.start, first.end))
    if question is not None and content_count(question) >= 3:
        yield short_or_card(reading.passage, "object", question, answers_for(reading, tokens), read.places, 0.5)


def _passive(reading: Reading, read: Read) -> Iterator[Candidate]:
    pieces = chunks(read.clause.rest)
    first = pieces[0]
    tokens = read.clause.rest[first.start : first.end]
    beside = sum(piece.kind in {"pp", "other", "infinitive"} for piece in pieces[1:]) + bool(read.clause.front)
    if beside > 1:
        return
    if first.kind != "pp" or tokens[0].lower not in _PASSIVE_PREPOSITIONS or len(tokens) < 2:
        return
    if not is_good_key(tokens[1:]) or is_person(reading.passage, tokens[1:]):
        return
    preposition = tokens[0].text
    question = asked(reading, read, "what", (first.start, first.end), after_verb=preposition)
    if question is not None and content_count(question) >= 2:
        yield short_or_card(
            reading.passage, "passive-complement", question, answers_for(reading, tokens[1:]), read.places, 0.6
        )


def _prepositional(reading: Reading, read: Read) -> Iterator[Candidate]:
    first = with_attached(read.clause.rest, chunks(read.clause.rest), 0)
    tokens = read.clause.rest[first.start : first.end]
    verb = read.clause.main_verb
    if verb.tag[:2] != "VV" or len(tokens) < 2:
        return
    is_bound = tokens[0].lower in _WITH_PREPOSITION.get(verb.lemma.lower(), ())
    is_free = tokens[0].lower in _FREE_PREPOSITIONS and verb.lemma.lower() not in _LIGHT
    if not is_bound and not is_free:
        return
    if not is_good_key(tokens[1:]):
        return
    if not is_bound and (first.end < len(read.clause.rest) or len(read.clause.front) > 4):
        return
    question = asked(reading, read, "what", (first.start, first.end), after_verb=tokens[0].text)
    if question is not None and content_count(question) >= 2:
        rule = "complement" if is_bound else "free-complement"
        yield short_or_card(reading.passage, rule, question, answers_for(reading, tokens[1:]), read.places, 0.6)


def _infinitive(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Ask “What does X tend to produce?” where a noun phrase ends the infinitive."""
    rest = read.clause.rest
    if len(rest) < 3 or rest[1].tag != "VVI" or rest[1].lemma.lower() in _LIGHT - {"find", "leave", "add"}:
        return
    pieces = chunks(rest[2:])
    if not pieces or pieces[0].kind != "np":
        return
    first = with_attached(rest[2:], pieces, 0)
    tokens = rest[2 + first.start : 2 + first.end]
    if 2 + first.end != len(rest) or not is_good_key(tokens) or is_person(reading.passage, tokens):
        return
    question = asked(reading, read, "what", (2 + first.start, 2 + first.end))
    if question is not None and content_count(question) >= 3:
        yield short_or_card(
            reading.passage, "infinitive-object", question, answers_for(reading, tokens), read.places, 0.6
        )


def _said(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Ask what somebody announced, found or showed."""
    rest = read.clause.rest
    bound = next((i for i, token in enumerate(rest) if token.tag in {"NN1", "NN2", "NP0"}), len(rest))
    if any(token.lower in _PERSONAL and (place < bound or token.tag == "DT0") for place, token in enumerate(rest)):
        return
    if not 5 <= len(rest) <= 22 or not rest[-1].is_word:
        return
    question = asked(reading, read, "what", (0, len(rest)))
    if question is not None and content_count(question) >= 2:
        answer = reading.passage.words_of(rest)
        yield card(reading.passage, "said", f"According to the passage, {question}?", answer, read.places, 0.7)
