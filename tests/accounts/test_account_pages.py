"""The account page: as oneself, as a stranger, with mistakes."""

from __future__ import annotations

import re
import uuid

from flask import Flask
from sqlalchemy import select

from quizapp.accounts import sign_ins
from quizapp.accounts.links import make_reset_link
from quizapp.models import Person, SignIn
from tests.accounts.visits import PASSWORD, Open, database_of, open_devices, send, signed_in, stored
from tests.builders import counted_queries, make_sign_in
from tests.conftest import Cast, Clock


def test_profile_study_and_theme_are_saved(app: Flask, visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    browser.open("/account")
    assert "Profile saved." in browser.press("Save profile", shown_name="Mira O.").words
    page = browser.press(
        "Save study settings", time_zone="Asia/Tokyo", day_start_hour=0, new_cards_per_day=0, minutes_per_day="",
        target_percent=97, theme="dark",
    )  # fmt: skip
    assert "Study settings saved." in page.words
    assert page.all("html", data_theme="dark")
    assert len([element for element in page.root.iter("div") if element.get("class") == "note is-due"]) == 1
    person = stored(app, cast.student)
    assert (person.shown_name, person.time_zone) == ("Mira O.", "Asia/Tokyo")
    assert (person.day_start_hour, person.new_cards_per_day, person.minutes_per_day) == (0, 0, None)
    assert (person.target_retention, person.theme, person.is_keys_on) == (0.97, "dark", True)


def test_free_days_and_holidays_are_saved_and_shown_again(app: Flask, visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    browser.open("/account")
    browser.press(
        "Save study settings", half_days=["fri"], free_days=["sat", "sun"],
        holidays="2026-12-24 to 2027-01-02\n\n2027-05-01", is_fuzz_on=[],
    )  # fmt: skip
    person = stored(app, cast.student)
    assert (person.week, person.is_fuzz_on) == ("2222100", False)
    assert person.days_off == "2026-12-24/2027-01-02 2027-05-01/2027-05-01"
    page = browser.press("Save study settings")
    assert stored(app, cast.student).week == "2222100"
    shown = page.values(page.form_of(next(b for b in page.root.iter("button") if "study" in "".join(b.itertext()))))
    assert shown["holidays"] == ["2026-12-24 to 2027-01-02\n2027-05-01"]
    for wrong in ("soon", "2027-01-02 to 2026-12-24", "2026-13-01", "\n".join(["2026-12-24"] * 21)):
        assert "Holidays:" in browser.press("Save study settings", status=422, holidays=wrong).words
    every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert "at least one day" in browser.press("Save study settings", status=422, holidays="", free_days=every).words


def test_another_address_takes_the_password_and_voids_open_links(
    app: Flask, visitor: Open, noor: int, clock: Clock
) -> None:
    """Whoever finds a device signed in must not have a new password mailed to themselves."""
    with database_of(app).write_session() as session:
        secret = make_reset_link(session, "noor", clock.now)
    browser = signed_in(visitor(), "noor", PASSWORD)
    for password in ("", "wrong"):
        page = browser.press("Save profile", status=422, email="thief@example.org", current_password=password)
        assert "Current password: This is not the password you have now." in page.words
    assert stored(app, noor).email == "noor@example.org"
    assert "Set a new password" in visitor().open(f"/reset/{secret}").heading
    page = browser.press("Save profile", email="NEW@example.org", current_password=PASSWORD)
    assert "Profile saved." in page.words
    assert stored(app, noor).email == "new@example.org"
    visitor().open(f"/reset/{secret}", status=410)
    browser.press("Save profile", shown_name="Noor H.", email=" New@Example.org ")
    assert stored(app, noor).shown_name == "Noor H."


def test_what_is_stored_stands_in_the_forms_and_saving_it_changes_nothing(
    app: Flask, visitor: Open, cast: Cast
) -> None:
    with database_of(app).write_session() as session:
        person = session.get_one(Person, cast.student)
        person.time_zone, person.is_keys_on, person.minutes_per_day = "Asia/Calcutta", False, 45
        person.target_retention, person.email, person.theme = 0.83, "m@example.org", "light"
    before = {name: value for name, value in vars(stored(app, cast.student)).items() if name[0] != "_"}
    browser = visitor(cast.student)
    browser.open("/account")
    browser.press("Save profile")
    browser.press("Save study settings")
    assert {name: value for name, value in vars(stored(app, cast.student)).items() if name[0] != "_"} == before


def test_shortcuts_are_switched_off_by_leaving_the_box_out(app: Flask, visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    browser.open("/account")
    page = browser.press("Save study settings", is_keys_on=[])
    assert page.all("html", data_keys="off")
    assert not stored(app, cast.student).is_keys_on


WRONG_STUDY_SETTINGS = [
    ("time_zone", "Europe/Atlantis", ""),
    ("day_start_hour", "13", ""),
    ("new_cards_per_day", "-1", "Choose from 0 to 999."),
    ("new_cards_per_day", "", "Give a number, 0 for none."),
    ("new_cards_per_day", "many", "Write a whole number in digits."),
    ("new_cards_per_day", "9" * 5000, "Write a whole number in digits."),
    ("minutes_per_day", "4", "Choose from 5 to 600, or leave it empty for no limit."),
    ("target_percent", "98", "Choose from 80 to 97."),
    ("target_percent", "0.9", "Write a whole number in digits."),
    ("theme", "sepia", ""),
]


def test_a_wrong_study_setting_is_told_and_nothing_is_saved(app: Flask, visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    for field, value, says in WRONG_STUDY_SETTINGS:
        browser.open("/account")
        page = browser.press("Save study settings", status=422, **{"minutes_per_day": "30", field: value})
        assert says in page.words
        assert page.root.find(f".//*[@id='{field}-error']") is not None
        assert len([element for element in page.root.iter("div") if element.get("role") == "alert"]) == 1
    assert stored(app, cast.student).minutes_per_day is None


def test_a_mistake_in_one_section_leaves_the_others_as_stored(visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    browser.open("/account")
    page = browser.press("Save profile", status=422, shown_name="", email="x")
    values = page.values(page.form_of(next(b for b in page.root.iter("button") if "study" in "".join(b.itertext()))))
    assert (values["new_cards_per_day"], values["target_percent"]) == (["20"], ["90"])
    assert {element.get("id") for element in page.root.iter("p") if element.get("class") == "error"} == {
        "shown_name-error",
        "email-error",
    }


def test_a_new_password_signs_the_other_devices_out_and_works(app: Flask, visitor: Open, noor: int) -> None:
    here, there = signed_in(visitor(), "noor", PASSWORD), signed_in(visitor(), "noor", PASSWORD)
    page = here.press("Change password", current_password=PASSWORD, new_password="  fog in lanterns ")
    assert "Password changed. 1 other device signed out." in page.words
    assert there.open("/account").heading == "Sign in"
    assert here.open("/account").heading == "Your account"
    signed_in(visitor(), "noor", "  fog in lanterns ")


def test_a_password_is_not_changed_by_a_mistake(app: Flask, visitor: Open, noor: int) -> None:
    browser = signed_in(visitor(), "noor", PASSWORD)
    before = stored(app, noor).password_hash
    for current, new, says in (
        ("wrong", "fog in lanterns", "This is not the password you have now."),
        ("", "fog in lanterns", "Give the password you have now."),
        (PASSWORD, "short", "Use at least 10 characters."),
        (PASSWORD, "Noor Haddad", "Choose something other than your name or your address."),
        (f"{PASSWORD} ", "fog in lanterns", "This is not the password you have now."),
    ):
        assert says in browser.press("Change password", status=422, current_password=current, new_password=new).words
    assert stored(app, noor).password_hash == before
    assert open_devices(app, noor) == 1


def test_devices_are_signed_out_one_by_one_and_all_at_once(app: Flask, visitor: Open, cast: Cast, clock: Clock) -> None:
    with database_of(app).write_session() as session:
        for _ in range(3):
            make_sign_in(session, cast.student, now=clock.now)
    browser = visitor(cast.student)
    browser.open("/account")
    page = browser.press("Sign out Test browser, signed in today at 09:00")
    assert "The device is signed out." in page.words
    assert open_devices(app, cast.student) == 3
    page = browser.press("Sign them out")
    assert "2 other devices signed out." in page.words
    assert "Sign out all other devices" not in page.words
    assert open_devices(app, cast.student) == 1
    assert send(browser, "/account/devices/end-others").status_code == 303


def test_a_strangers_device_is_not_found_and_reads_like_one_that_never_was(
    app: Flask, visitor: Open, cast: Cast, clock: Clock
) -> None:
    with database_of(app).write_session() as session:
        theirs = make_sign_in(session, cast.classmate, now=clock.now)
    browser = visitor(cast.student)
    answers = [send(browser, f"/account/devices/{device}/end") for device in (theirs, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    texts = {re.sub(r"[0-9a-f]{16}", "", answer.get_data(as_text=True)) for answer in answers}
    assert len(texts) == 1
    assert open_devices(app, cast.classmate) == 1


def test_ending_this_device_signs_it_out(app: Flask, visitor: Open, noor: int) -> None:
    browser = signed_in(visitor(), "noor", PASSWORD)
    with database_of(app).read_session() as session:
        this = session.scalars(select(SignIn.id).where(SignIn.person_id == noor)).one()
    assert send(browser, f"/account/devices/{this}/end").headers["Location"] == "/"
    assert browser.open("/account").heading == "Sign in"


def test_nobody_changes_an_account_without_being_signed_in(visitor: Open) -> None:
    for section in ("profile", "study", "password", "devices/end-others", f"devices/{uuid.uuid4()}/end"):
        answer = send(visitor(), f"/account/{section}", shown_name="Mallory")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in")


def test_the_account_page_costs_the_same_however_many_devices(
    app: Flask, visitor: Open, cast: Cast, clock: Clock
) -> None:
    browser, costs = visitor(cast.student), []
    for more in (0, 60):
        with database_of(app).write_session() as session:
            for _ in range(more):
                make_sign_in(session, cast.student, now=clock.now)
        with counted_queries(app) as statements:
            page = browser.open("/account")
        costs.append(len(statements))
    assert costs == [3, 3]
    assert page.words.count("Test browser") == sign_ins.DEVICES_LISTED + 1
