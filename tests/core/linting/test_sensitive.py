"""What must not be said falsely, and who must not come in."""

from __future__ import annotations

import pytest

from quizapp.core.items import Evidence
from quizapp.core.linting.actors import actors_in, persons_in
from tests.core.linting.planted import choice, codes, matching, only, sound, statement


class TestFalseStatements:
    def test_violence_and_accusations_are_left_alone(self) -> None:
        said = statement("According to the passage, smugglers attacked the council.", is_true=False)
        found = only(said, "sensitive-statement")
        assert (found.severity, found.target) == ("error", "stem")
        assert "“attacked”" in found.message

    def test_the_evidence_counts_as_well(self) -> None:
        quote = (Evidence(quote="accused smugglers of attacking boats"),)
        said = statement("According to the passage, smugglers guarded the boats.", is_true=False, evidence=quote)
        assert "sensitive-statement" in codes(said)

    @pytest.mark.parametrize("name", ["President Ostrova", "Ostrova", "Mr Hale", "Angela Weiss"])
    def test_persons_are_left_alone(self, name: str) -> None:
        said = statement(f"According to the passage, {name} set the price of the canal.", is_true=False)
        assert name.rsplit(maxsplit=1)[-1] in only(said, "sensitive-statement").message

    def test_what_is_true_may_be_said(self) -> None:
        said = statement("According to the passage, President Ostrova spoke of an attack on boats.")
        assert "sensitive-statement" not in codes(said)

    def test_other_false_statements_are_fine(self) -> None:
        said = statement("According to the passage, the council has settled the price.", is_true=False)
        assert "sensitive-statement" not in codes(said)


class TestActors:
    def test_an_actor_from_outside_the_passage_is_an_error(self) -> None:
        assert (
            only(choice("Boats of Norway", "Boats of Sweden", "Boats of Senna"), "foreign-actor").target == "options.b"
        )
        assert (
            only(choice("Some Norwegian boats", "Two Danish boats", "Other fish"), "foreign-actor").target
            == "options.b"
        )
        assert "foreign-actor" in codes(choice("The council", "President Hale", "The herring"))
        said = statement("According to the passage, boats came from Denmark.", is_true=False)
        assert only(said, "foreign-actor").target == "stem"
        pairs = matching(("Marshes", "herring"), ("Canal", "wider"), (None, "Swedish boats"))
        assert only(pairs, "foreign-actor").target == "pairs.2"

    def test_actors_of_the_passage_and_true_answers_are_fine(self) -> None:
        assert "foreign-actor" not in codes(choice("Boats of Senna", "Norwegian boats", "President Ostrova"))
        assert "foreign-actor" not in codes(choice("Danish boats", "Boats of Norway", "Boats of Senna"))
        assert "foreign-actor" not in codes(choice("A council", "A NATO port", "A union"))
        assert "foreign-actor" not in codes(sound(), None)


def test_a_people_stands_for_its_country() -> None:
    assert actors_in("Ukrainians and Russian envoys met the French, the US and Britons in Germany.") == {
        "Ukraine", "Russia", "France", "America", "Britain", "Germany",
    }  # fmt: skip
    assert actors_in("They polish turkey, chad and swede in china shops with pole and finn.") == frozenset()


def test_persons_are_known_by_title_or_given_name() -> None:
    assert persons_in("President Putin, Prime Minister Tony Blair and Angela Merkel met.") == {
        "Putin",
        "Blair",
        "Merkel",
    }
    assert persons_in("The president met the Cold War in the General Assembly building.") <= {"Assembly"}
