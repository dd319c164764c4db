"""Questions for who or what did it, turned out of a passive: “was invented by X” becomes “Who invented …?”."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.core.generation.asking import chunks, content_count, stands, tidy, trailing
from quizapp.core.generation.building import short_or_card
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.keys import answers_for, is_good_key
from quizapp.core.generation.persons import is_organisation, is_person, may_be_person
from quizapp.core.generation.phrases import joined_phrase
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.verbs import past_form, third_person
from quizapp.core.linting.wording import word_set

_BY_PEOPLE = word_set("invent write paint compose discover draw sculpt")


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a question for each agent of a passive that can be named."""
    for read in reading.reads:
        clause = read.clause
        if not clause.is_passive or clause.is_negated or any(t.tag[:2] in {"VM", "VH"} for t in clause.verbs):
            continue
        for chunk in chunks(clause.rest):
            tokens = clause.rest[chunk.start : chunk.end]
            if chunk.kind != "pp" or tokens[0].lower != "by":
                continue
            phrase = joined_phrase(tokens, 1)
            if phrase is not None and is_good_key(tokens[1 : phrase.end]):
                yield from _ask(reading, read, (chunk.start, chunk.start + phrase.end), chunk.end)


def _ask(reading: Reading, read: Read, place: tuple[int, int], end: int) -> Iterator[Candidate]:
    clause = read.clause
    agent = clause.rest[place[0] + 1 : place[1]]
    left = [*clause.rest[: place[0]], *clause.rest[end:]]
    tail = trailing(reading, read)
    main = clause.main_verb
    is_past = clause.verbs[0].tag == "VBD" or clause.kind == "reduced"
    verb = past_form(main) if is_past else third_person(main)
    if tail is None or verb is None or not stands(read, left) or len(clause.verbs) > 2:
        return
    who = "who" if is_person(reading.passage, agent) else "what"
    if who == "what" and main.lemma.lower() in _BY_PEOPLE and may_be_person(agent):
        who = "who"
    if who == "what" and (is_organisation(agent) or all(t.text[0].isupper() or t.tag == "CJC" for t in agent)):
        return  # a name of nobody knows what
    particles, others = [], left
    while others and others[0].tag == "AVP":
        particles.append(others[0])
        others = others[1:]
    question = tidy(
        " ".join([who, verb, *(t.text for t in particles), read.subject, reading.passage.words_of(others), tail])
    )
    if content_count(question) >= 2:
        answers = answers_for(reading, agent, is_name=who == "who")
        yield short_or_card(reading.passage, "agent", question, answers, read.places, 0.8)
