"""The component macros: names, labels, states and figures as a page would write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import Form, PasswordField, RadioField, SelectMultipleField, StringField, validators, widgets

from quizapp.core.fading import whole_percent

TEMPLATES = Path(__file__).parents[2] / "quizapp" / "templates"
PASSAGE = (("Talks began. ", False), ("Guarantees came later.", True), (" Nothing was signed.", False))


@dataclass(frozen=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True)
class Part:
    text: str = ""
    number: int = 0
    kind: str = "typed"
    options: tuple[Option, ...] = ()
    value: str = ""
    given: str = ""
    key: str = ""
    verdict: str = ""


class SignUp(Form):
    name = StringField("Name", [validators.DataRequired("Write your name.")])
    email = StringField("Email", [validators.Optional()])
    password = PasswordField("Password", [validators.Length(min=10, message="Use 10 or more characters.")])
    role = RadioField("I am a", [validators.InputRequired("Choose one.")], choices=["Student"])  # type: ignore[list-item]  # the stubs know tuples only
    topics = SelectMultipleField("Topics", choices=["Talks"], option_widget=widgets.CheckboxInput())  # type: ignore[list-item]


def render(source: str, **values: object) -> str:
    """Render a template text, parse it strictly and return its HTML."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(asset=lambda name: f"/assets/{name}", csrf_token=lambda: "token")
    environment.filters["whole_percent"] = whole_percent
    text = environment.from_string(source).render(**values)
    html5lib.HTMLParser(strict=True).parseFragment(text)
    return text


def folded(html: str) -> str:
    """Return the words of some HTML, white space folded."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_button_carries_its_key_for_scripts_and_readers_and_further_attributes() -> None:
    html = render(
        '{% from "components/buttons.html" import button %}'
        '{{ button("Check", "primary", "Enter", form="answer", name="do", data_more="x", disabled=false) }}'
    )
    assert '<button type="submit" class="primary" data-key="Enter" aria-keyshortcuts="Enter"' in html
    assert ' form="answer" name="do" data-more="x">' in html
    assert '<kbd aria-hidden="true">Enter</kbd>' in html


def test_a_post_button_is_a_form_with_a_token() -> None:
    html = render('{% from "components/buttons.html" import post_button %}{{ post_button("Undo", "/undo") }}')
    assert '<form class="one" method="post" action="/undo" data-once>' in html
    assert 'name="csrf_token" value="token"' in html


def test_words_of_authors_are_escaped() -> None:
    html = render(
        '{% from "components/questions.html" import choices %}{{ choices(options) }}',
        options=[Option("a", "<b>bold</b>")],
    )
    assert "&lt;b&gt;bold" in html


def test_choices_keep_what_was_chosen_and_give_nine_keys() -> None:
    options = [Option(str(place), f"Answer {place}") for place in range(1, 12)]
    html = render(
        '{% from "components/questions.html" import choices %}{{ choices(options, kind="checkbox", checked=["3"]) }}',
        options=options,
    )
    assert html.count("data-key=") == 9
    assert re.findall(r'value="(\d+)" checked', html) == ["3"]
    assert "Choose all that are right." in html


def test_every_gap_is_labelled_and_keeps_its_value() -> None:
    parts = [
        Part("It began in "),
        Part(number=1, value="1991"),
        Part(" after "),
        Part(number=2, kind="choice", options=(Option("a", "talks"), Option("b", "votes")), value="b"),
    ]
    html = render('{% from "components/questions.html" import cloze %}{{ cloze(parts) }}', parts=parts)
    assert '<label class="hear" for="gap-1">Gap 1</label><input type="text" id="gap-1"' in html
    assert 'name="gap-1" value="1991"' in html
    assert '<label class="hear" for="gap-2">Gap 2</label><select id="gap-2" name="gap-2">' in html
    assert '<option value="b" selected>votes</option>' in html


def test_an_answered_gap_says_in_words_what_was_right() -> None:
    parts = [
        Part("Since "),
        Part(number=1, given="2004", key="1991", verdict="wrong"),
        Part(number=2, key="talks", verdict="missed"),
    ]
    html = render(
        '{% from "components/questions.html" import answered_cloze %}{{ answered_cloze(parts) }}', parts=parts
    )
    assert "Gap 1, not right: 2004 Right answer: 1991" in folded(html)
    assert "Gap 2, not answered: no answer Right answer: talks" in folded(html)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("chosen_right", "Your answer, right"),
        ("right", "Right answer"),
        ("missed", "Right, but not chosen"),
        ("partly", "Your answer, partly right"),
        ("wrong", "Your answer, not right"),
        ("key", "Key"),
    ],
)
def test_the_state_of_an_option_is_a_word_and_an_icon(state: str, words: str) -> None:
    html = render(
        '{% from "components/questions.html" import answered_row %}{{ answered_row("Talks", state) }}', state=state
    )
    assert f"Talks {words}" in folded(html)
    assert "icons.svg#i-" in html


def test_the_proof_shows_the_marked_sentence_first_and_then_the_whole_passage() -> None:
    html = render(
        '{% from "components/evidence.html" import proof %}{{ proof("Why: later", parts, "It says so.", "A note.") }}',
        parts=PASSAGE,
    )
    brief, whole = html.split("<details", maxsplit=1)
    assert brief.count("<mark>Guarantees came later.</mark>") == 1
    assert "Talks began" not in brief
    assert "Talks began. <mark>Guarantees came later.</mark> Nothing was signed." in whole
    assert "A note." in whole


def test_a_proof_without_evidence_draws_no_thread() -> None:
    html = render('{% from "components/evidence.html" import proof %}{{ proof("Why", (), "It says so.") }}')
    assert "has-thread" not in html
    assert "<details" not in html


def test_a_share_is_written_in_per_cent_with_its_uncertainty() -> None:
    html = render('{% from "components/figures.html" import percent %}{{ percent(0.72, 0.61, 0.83) }}')
    assert folded(html) == "72&nbsp;% ±11"


def test_a_recall_bar_starts_at_its_floor() -> None:
    source = '{% from "components/figures.html" import recall_bar %}{{ recall_bar(0.75, 0.5, 1, false, floor) }}'
    assert 'class="band" x="50.0" y="2" width="50.0"' in render(source, floor=0)
    assert 'class="band" x="0.0" y="2" width="100.0"' in render(source, floor=50)


def test_a_chart_has_a_table_with_row_names() -> None:
    html = render(
        '{% from "components/figures.html" import figure_table %}'
        '{{ figure_table("Cards due", ["Day", "Cards"], [("Today", 18)]) }}'
    )
    assert '<th scope="row">Today</th><td class="num">18</td>' in html


def test_errors_are_listed_with_links_and_tied_to_their_fields() -> None:
    form = SignUp(MultiDict({"name": "Mira", "password": "short"}))
    assert not form.validate()
    html = render(
        '{% from "components/forms.html" import error_summary, field %}'
        '{{ error_summary(form) }}{{ field(form.password, "A sentence works well.") }}{{ field(form.role) }}',
        form=form,
    )
    assert "Two things need a look" in html
    assert '<a href="#password">Password</a>: Use 10 or more characters.' in html
    assert '<a href="#role-0">I am a</a>: Choose one.' in html
    assert 'aria-describedby="password-help password-error"' in html
    assert 'aria-invalid="true"' in html
    assert '<p class="error" id="role-error">' in html


def test_a_field_says_when_it_is_optional_and_checks_have_a_legend() -> None:
    html = render(
        '{% from "components/forms.html" import field %}{{ field(form.email, autocomplete="email") }}'
        "{{ field(form.topics) }}",
        form=SignUp(),
    )
    assert "Email <small>optional</small></label>" in html
    assert 'autocomplete="email"' in html
    assert "<legend>Topics</legend>" in html
    assert 'type="checkbox"' in html


def test_a_confirmation_opens_without_a_script() -> None:
    html = render(
        '{% from "components/states.html" import confirm %}'
        '{% call confirm("Close set", "Close this set?", "Nobody can take it.", "danger") %}'
        "<button>Close</button>{% endcall %}"
    )
    assert '<details class="confirm" data-confirm>' in html
    assert '<summary class="button danger">Close set</summary>' in html
    assert "Close this set? Nobody can take it. Close" in folded(html)


def test_a_matching_offers_every_answer_to_each_left_side_and_letters_them_on_paper() -> None:
    lefts = [{"number": 1, "text": "One", "value": ""}, {"number": 2, "text": "Two", "value": "b"}]
    html = render(
        '{% from "components/questions.html" import matching %}{{ matching(lefts, options) }}',
        lefts=lefts,
        options=[Option("a", "Alpha"), Option("b", "Beta")],
    )
    assert html.count('<option value="a">Alpha</option>') == 2
    assert html.count("selected") == 1
    assert re.findall(r'for="(match-\d)"', html) == ["match-1", "match-2"]
    assert re.findall(r"<li>([^<]*)</li>", html) == ["Alpha", "Beta"]
