"""The audit log: who did what, and whether the log is whole."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.admin import audit_log
from quizapp.admin.views import asked, place, room
from quizapp.database import reading
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.rendering import moment_name


@room.get("/admin/audit")
@access("admin")
def audit() -> ResponseReturnValue:
    """List the audit log."""
    known = audit_log.actions(reading())
    wanted = {name: asked(name) for name in ("action", "by", "about")}
    wanted["action"] = wanted["action"] if wanted["action"] in known else ""
    found = audit_log.audit_page(
        reading(), action=wanted["action"], actor=wanted["by"], subject=wanted["about"], before=place("before")
    )
    kept: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    return render_template(
        "admin/audit.html",
        found=found,
        check=audit_log.last_check(reading()),
        actions=[(action, audit_log.action_name(action)) for action in known],
        asked=wanted,
        is_filtered=bool(kept),
        later=url_for("admin.audit", **kept, before=found.before) if found.before else "",
        moment=lambda moment: moment_name(moment, now(), me().zone),
    )
