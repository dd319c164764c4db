"""Every table and column says what it is for, and what becomes of it when its person goes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

from quizapp.models import Person
from quizapp.privacy.purposes import TablePurpose, purposes, read

ENTRY: dict[str, Any] = {
    "keep": "a year", "owner": "person_id", "file": "notes.json", "erase": "row goes",
    "columns": {"id": "numbering", "person_id": "whose note", "words": ["a note", "says nothing about you"]},
}  # fmt: skip


def faults(metadata: MetaData, said: dict[str, TablePurpose]) -> list[str]:
    """Return what is untagged, tagged without being there, or leads to a person and would outlive them."""
    found = [f"{name}: no table" for name in said.keys() - metadata.tables.keys()]
    for table in metadata.sorted_tables:
        purpose = said.get(table.name)
        if purpose is None:
            found.append(f"{table.name}: no purpose")
            continue
        tagged = {column.name for column in purpose.columns}
        found += [f"{table.name}.{name}: no column" for name in tagged - set(table.columns.keys())]
        found += [f"{table.name}.{name}: no purpose" for name in set(table.columns.keys()) - tagged]
        for name in (*purpose.owner, *(rule.after for rule in purpose.rules), *(purpose.via or ())[:1]):
            if name not in table.columns:
                found.append(f"{table.name}.{name}: named by the table, but no column")
        for column in table.columns:
            if leads_to_a_person(column) and column.name in tagged:
                found += _unerased(purpose, column)
    return found


def leads_to_a_person(column: Column[Any]) -> bool:
    return any(key.target_fullname == "people.id" for key in column.foreign_keys) or column.name == "learner_id"


def _unerased(purpose: TablePurpose, column: Column[Any]) -> list[str]:
    goes = purpose.erase == "row goes" and column.name in purpose.owner
    action = next(said.erase for said in purpose.columns if said.name == column.name)
    if goes or (action == "set null" and column.nullable):
        return []
    return [f"{purpose.name}.{column.name}: leads to a person who is erased"]


def test_every_column_says_what_it_is_for() -> None:
    assert faults(Person.metadata, purposes()) == []


def test_every_purpose_is_said() -> None:
    for purpose in purposes().values():
        assert purpose.keep
        assert all(column.purpose and column.export for column in purpose.columns)
        assert purpose.erase != "row stays" or any(column.erase for column in purpose.columns), purpose.name


def test_files_of_the_export_have_names_of_their_own() -> None:
    files = [purpose.file for purpose in purposes().values() if purpose.file]
    assert len(files) == len(set(files))
    assert all(purpose.owner or purpose.via for purpose in purposes().values() if purpose.file)


def test_secrets_are_not_exported() -> None:
    exported = {column.name for purpose in purposes().values() for column in purpose.columns if column.is_exported}
    assert not exported & {"password_hash", "totp_salt", "totp_step", "secret_hash", "code_hash", "seal", "key"}


@pytest.fixture
def notes() -> MetaData:
    metadata = MetaData()
    Table("people", metadata, Column("id", Integer, primary_key=True))
    Table(
        "notes", metadata, Column("id", Integer, primary_key=True), Column("words", String),
        Column("person_id", Integer, ForeignKey("people.id")),
    )  # fmt: skip
    return metadata


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, []),
        ({"words": None}, ["notes.words: no purpose"]),
        ({"colour": "paint"}, ["notes.colour: no column"]),
        ({"erase": "row stays"}, ["notes.person_id: leads to a person who is erased"]),
        ({"erase": "no personal data"}, ["notes.person_id: leads to a person who is erased"]),
        ({"owner": "id"}, ["notes.person_id: leads to a person who is erased"]),
    ],
)
def test_a_fault_is_found(notes: MetaData, change: dict[str, Any], fault: list[str]) -> None:
    entry = deepcopy(ENTRY)
    for name, value in change.items():
        (entry if name in entry else entry["columns"])[name] = value
    entry["columns"] = {name: said for name, said in entry["columns"].items() if said}
    people = read("people", {**ENTRY, "owner": "id", "columns": {"id": "numbering"}})
    assert faults(notes, {"people": people, "notes": read("notes", entry)}) == fault


def test_a_table_without_a_purpose_and_a_purpose_without_a_table_are_found(notes: MetaData) -> None:
    said = {"letters": read("letters", ENTRY)}
    assert set(faults(notes, said)) == {"people: no purpose", "notes: no purpose", "letters: no table"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"erase": "burns"}, "nothing is done as “burns”"),
        ({"why_not": "both"}, "a file or a reason"),
        ({"columns": {"id": {"purpose": "numbering", "erase": "burns"}}}, "nothing is done as “burns”"),
    ],
)
def test_a_word_that_means_nothing_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read("notes", {**ENTRY, **change})
