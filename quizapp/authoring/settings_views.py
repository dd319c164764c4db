"""How a set is taken: its settings, with what a student will experience in a sentence."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.authoring.overviews import SetPage, set_page
from quizapp.authoring.sets import describe_set
from quizapp.authoring.settings_forms import SettingsForm, settings_of
from quizapp.authoring.views import room
from quizapp.core.rules import Rules
from quizapp.database import reading, transaction
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.experience import closes_in_words, experience
from quizapp.web.sections import asked_sections


@room.get("/teach/sets/<int:set_id>/settings")
@access("teacher")
def settings(set_id: int) -> ResponseReturnValue:
    """Show what the set is called and how it is taken."""
    page = set_page(reading(), set_id, me().id)
    form = SettingsForm(formdata=None, obj=page, data=settings_of(page.rules, page.closes_at, me().zone))
    return _settings_page(page, form, page.rules)


@room.post("/teach/sets/<int:set_id>/settings")
@access("teacher")
def save_settings(set_id: int) -> ResponseReturnValue:
    """Change what the set is called and how it is taken, or only say what that would be like."""
    page = set_page(reading(), set_id, me().id)
    form = SettingsForm()
    if not form.validate():
        return _settings_page(page, form, page.rules), 422
    rules = form.rules(page.rules)
    if request.form.get("do") == "preview":
        return _settings_page(page, form, rules, is_changed=True)
    with transaction() as session:
        describe_set(
            session,
            set_id,
            me().id,
            title=form.title.data or "",
            description=form.description.data or "",
            rules=rules,
            closes_at=form.closing(me().zone),
            now=now(),
        )
    flash("Settings saved. Attempts under way keep their rules, but end when the set closes.", "right")
    return redirect(url_for("authoring.item_set", set_id=set_id), 303)


def _settings_page(page: SetPage, form: SettingsForm, rules: Rules, *, is_changed: bool = False) -> str:
    closes_at = form.closing(me().zone) if is_changed else page.closes_at
    sections = asked_sections(reading(), page.id, me().id, rules)
    return render_template(
        "authoring/settings.html",
        page=page,
        form=form,
        experience=experience(rules, sections, closes=closes_in_words(closes_at)),
        is_changed=is_changed,
        zone=me().zone.key.replace("_", " "),
    )
