"""Questions for the subject: “Who published …?”, “What releases …?”."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.core.generation.asking import chunks, content_count, predicate, tidy, trailing
from quizapp.core.generation.building import short_or_card
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.keys import answers_for, is_good_key, is_specific
from quizapp.core.generation.persons import is_organisation
from quizapp.core.generation.reading import Read, Reading

_LEAST_SAID = 3  # content words
_MOST_SAID = 16  # words


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a question for each subject that says by itself what it is."""
    for read in reading.reads:
        clause = read.clause
        if read.is_resolved or clause.kind in {"reduced", "imperative"} or clause.insertion or len(clause.rest) < 2:
            continue
        if not is_good_key(clause.subject) or not is_specific(clause.subject):
            continue
        if any(token.tag == "DPS" for token in clause.rest) or clause.condition:
            continue
        if clause.main_verb.lemma.lower() in {"be", "have", "become", "seem", "mean"}:
            continue
        if not read.is_person and read.number != "one" and clause.verbs[0].tag not in {"VVD", "VM0", "VHD"}:
            continue  # “what carry” is no English
        if not any(piece.kind in {"np", "pp"} for piece in chunks(clause.rest)):
            continue
        yield from _ask(reading, read)


def _ask(reading: Reading, read: Read) -> Iterator[Candidate]:
    said, tail = predicate(reading, read), trailing(reading, read)
    if said is None or tail is None:
        return
    if read.is_person and read.number == "many" and read.clause.verbs[0].tag not in {"VVD", "VM0", "VHD"}:
        return
    wh = "who" if read.is_person else "what"
    if wh == "what" and (is_organisation(read.clause.subject) or _is_bare_name(read)):
        return
    question = tidy(f"{wh} {said} {tail}")
    if content_count(question) >= _LEAST_SAID and len(question.split()) <= _MOST_SAID:
        answers = answers_for(reading, read.clause.subject, is_name=read.is_person)
        yield short_or_card(reading.passage, "subject", question, answers, read.places, 0.5)


def _is_bare_name(read: Read) -> bool:
    return all(token.tag in {"NP0", "UNC"} for token in read.clause.subject)
