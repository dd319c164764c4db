"""Who may open which page and about whose row: written by hand, without a default and without a wildcard.

A route that is missing here, in VERDICTS or in OBJECTS, fails: a person decides, not what the code says.
"""

from __future__ import annotations

ANYONE = {
    "GET": [
        "accounts.code", "accounts.forgot", "accounts.reset", "accounts.sign_in", "accounts.sign_up", "assets.send",
        "health.healthz", "health.livez", "media.send", "today.start", "topics.index", "topics.item_set", "topics.sets",
        "topics.topic",
    ],
    "POST": [
        "accounts.code_now", "accounts.forgot_now", "accounts.reset_now", "accounts.sign_in_now",
        "accounts.sign_out", "accounts.sign_up_now",
        "quizzes.start_trial",
    ],
}  # fmt: skip
PERSON = {
    "GET": [
        "accounts.account", "accounts.leave", "accounts.your_data", "flashcards.answer_again",
        "flashcards.browse", "flashcards.card", "flashcards.review", "progress.edit_plan",
        "progress.overview", "progress.plan", "progress.plans", "progress.predictions", "progress.topic",
        "quizzes.attempt", "quizzes.attempts", "quizzes.build", "quizzes.clock", "quizzes.overview",
        "quizzes.question", "quizzes.review",
    ],
    "POST": [
        "accounts.save_study", "authoring.flag_question", "authoring.withdraw_flag", "flashcards.answer",
        "accounts.export_data", "accounts.leave_now", "accounts.stay",
        "flashcards.change", "flashcards.rate", "flashcards.undo", "flashcards.undo_change",
        "quizzes.abandon", "quizzes.claim", "quizzes.finish", "quizzes.keep_typed",
        "quizzes.practise_missed", "quizzes.respond", "quizzes.start_practice", "quizzes.start_set", "topics.study",
        "progress.add_plan", "progress.remove_plan_now", "progress.save_plan",
    ],
}  # fmt: skip
ACCOUNT = {
    "GET": ["accounts.keep"],
    "POST": [
        "progress.fit_now",
        "accounts.change_password", "accounts.end_device", "accounts.end_other_devices", "accounts.keep_or_discard",
        "accounts.save_profile",
    ],
}  # fmt: skip
TEACHER = {
    "GET": [
        "accounts.codes_page", "authoring.draft", "authoring.drafts", "authoring.edit_draft", "authoring.edit_passage",
        "authoring.flag_list", "authoring.home", "authoring.item", "authoring.item_set",
        "authoring.new_item",
        "authoring.new_passage", "authoring.new_set", "authoring.passage", "authoring.people", "authoring.person",
        "authoring.preview_set",
        "authoring.print_set",
        "authoring.results", "authoring.section", "authoring.sets", "authoring.settings",
        "marking.answer", "marking.attempt", "marking.claims", "marking.question", "marking.questions",
        "marking.regrade",
    ],
    "POST": [
        "authoring.accept_variant", "marking.attempt_log", "marking.mark", "marking.regrade_now",
        "marking.settle_claim", "marking.take_back",
        "marking.take_back_regrade_now",
        "accounts.begin_codes", "accounts.confirm_codes", "accounts.end_codes",
        "authoring.add_item", "authoring.add_own_passage", "authoring.add_set", "authoring.close_set",
        "authoring.give_exception", "authoring.judge_preview",
        "authoring.move_item", "authoring.new_section", "authoring.publish_set", "authoring.put_item_back",
        "authoring.remove_item", "authoring.remove_passage",
        "authoring.remove_set", "authoring.reopen_flags", "authoring.reopen_set", "authoring.return_section",
        "authoring.save_item", "authoring.save_section", "authoring.save_settings", "authoring.settle_flags",
        "authoring.shift_section", "authoring.take_section",
        "authoring.approve_drafts", "authoring.decide", "authoring.make_drafts", "authoring.publish_drafts",
        "authoring.save_draft", "authoring.save_passage", "authoring.settle_stale",
    ],
}  # fmt: skip
ADMIN = {
    "GET": [
        "accounts.approval_list", "accounts.new_person", "admin.audit", "admin.home", "admin.people_list",
        "admin.person", "admin.privacy", "admin.what_runs",
    ],
    "POST": [
        "accounts.add_person", "accounts.approve", "accounts.change_role", "accounts.disable_person",
        "accounts.enable_person", "accounts.hand_link", "accounts.refuse", "accounts.remove_codes",
        "accounts.set_extra_time", "accounts.sign_out_everywhere", "admin.carry_out", "admin.record", "admin.refuse",
    ],
}  # fmt: skip

# Which rule each route carries; the keys are those of quizapp.web.access.RULES.
VERDICTS = {
    (endpoint, method): rule
    for rule, listed in (
        ("anyone", ANYONE),
        ("person", PERSON),
        ("account", ACCOUNT),
        ("teacher", TEACHER),
        ("admin", ADMIN),
    )
    for method, endpoints in listed.items()
    for endpoint in endpoints
}
# Whom each rule admits.
ADMITTED = {
    "anyone": {"nobody", "guest", "student", "classmate", "teacher", "colleague", "admin", "disabled"},
    "person": {"guest", "student", "classmate", "teacher", "colleague", "admin"},
    "account": {"student", "classmate", "teacher", "colleague", "admin"},
    "teacher": {"teacher", "colleague", "admin"},
    "admin": {"admin"},
}
# About whose row each page is, whether its address names the row or its form does. To somebody else a row of an
# "own …" group does not exist; a row of a "shared …" group opens to all whom the rule admits.
OBJECTS = {
    "nothing": [
        "accounts.export_data", "accounts.leave", "accounts.leave_now", "accounts.stay", "accounts.your_data",
        "accounts.add_person", "accounts.approval_list", "accounts.new_person", "admin.audit", "admin.home",
        "admin.people_list", "admin.privacy", "admin.what_runs",
        "accounts.begin_codes", "accounts.code", "accounts.code_now", "accounts.codes_page", "accounts.confirm_codes",
        "accounts.end_codes", "accounts.forgot", "accounts.forgot_now",
        "accounts.account", "accounts.change_password", "accounts.end_other_devices", "accounts.keep",
        "accounts.keep_or_discard", "accounts.save_profile", "accounts.save_study", "accounts.sign_in",
        "accounts.sign_in_now", "accounts.sign_out", "accounts.sign_up",
        "accounts.sign_up_now", "authoring.add_own_passage", "authoring.add_set", "authoring.flag_list",
        "authoring.home", "authoring.new_passage", "authoring.new_set", "authoring.sets", "flashcards.browse",
        "flashcards.review", "flashcards.undo_change", "health.healthz", "health.livez", "progress.overview",
        "progress.add_plan", "progress.fit_now", "progress.plans", "progress.predictions", "quizzes.attempts",
        "quizzes.build", "quizzes.start_practice", "quizzes.start_trial", "today.start", "topics.index", "topics.sets",
    ],
    "own attempt": [
        "quizzes.abandon", "quizzes.attempt", "quizzes.clock", "quizzes.finish", "quizzes.keep_typed",
        "quizzes.overview", "quizzes.question", "quizzes.respond",
    ],
    "own closed attempt": ["quizzes.practise_missed", "quizzes.review"],
    "own card": [
        "flashcards.answer", "flashcards.answer_again", "flashcards.card", "flashcards.change", "flashcards.rate",
    ],
    "own plan": ["progress.edit_plan", "progress.plan", "progress.remove_plan_now", "progress.save_plan"],
    "own rating": ["flashcards.undo"],
    "own device": ["accounts.end_device"],
    "own answered question": ["authoring.flag_question", "authoring.withdraw_flag"],
    "own draft": ["authoring.publish_set", "authoring.remove_set"],
    "own set": [
        "authoring.add_item", "authoring.close_set", "authoring.item_set", "authoring.new_item",
        "authoring.judge_preview", "authoring.new_section", "authoring.people", "authoring.preview_set",
        "authoring.print_set",
        "authoring.reopen_set",
        "authoring.results", "authoring.save_settings", "authoring.settings",
        "marking.claims", "marking.questions",
    ],
    "own taken question": ["marking.question", "marking.regrade", "marking.regrade_now"],
    "own taken answer": ["marking.answer", "marking.mark", "marking.take_back"],
    "own objection": ["marking.settle_claim"],
    "own taken attempt": ["marking.attempt", "marking.attempt_log"],
    "own regrade": ["marking.take_back_regrade_now"],
    "own typed question": ["authoring.accept_variant"],
    "own wrong answer": ["quizzes.claim"],
    "own question": [
        "authoring.item", "authoring.move_item", "authoring.put_item_back", "authoring.remove_item",
        "authoring.save_item",
    ],
    "own section": [
        "authoring.save_section", "authoring.section", "authoring.shift_section", "authoring.take_section",
    ],
    "own removed section": ["authoring.return_section"],
    "own set’s person": ["authoring.give_exception", "authoring.person"],
    "own passage": [
        "authoring.approve_drafts", "authoring.drafts", "authoring.edit_passage", "authoring.make_drafts",
        "authoring.passage", "authoring.remove_passage", "authoring.save_passage",
    ],
    "own drafted question": [
        "authoring.decide", "authoring.draft", "authoring.edit_draft", "authoring.publish_drafts",
        "authoring.save_draft",
    ],
    "own stale question": ["authoring.settle_stale"],
    "own flagged question": ["authoring.reopen_flags", "authoring.settle_flags"],
    "shared set": ["quizzes.start_set", "topics.item_set"],
    "shared topic": ["progress.topic", "topics.study", "topics.topic"],
    "shared person": [
        "accounts.approve", "accounts.change_role", "accounts.disable_person", "accounts.enable_person",
        "accounts.hand_link", "accounts.refuse", "accounts.remove_codes", "accounts.set_extra_time",
        "accounts.sign_out_everywhere", "admin.person", "admin.record",
    ],
    "shared request": ["admin.carry_out", "admin.refuse"],
    "shared link": ["accounts.reset", "accounts.reset_now"],
    "shared file": ["assets.send"],
    "shared picture": ["media.send"],
}  # fmt: skip
