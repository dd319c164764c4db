"""From draft to published to closed, and back open."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.authoring.pools import asks
from quizapp.authoring.sets import own_set, release
from quizapp.authoring.slugs import free_slug, secret_slug
from quizapp.errors import Conflict, Invalid
from quizapp.models import ItemSet
from quizapp.web import auditing
from quizapp.web.deadlines import move_deadlines_of_set

Visibility = Literal["here", "link"]
_TRIES = 5  # two sets of one title published at the same moment


def publish(session: Session, set_id: int, owner_id: int, visibility: Visibility, now: datetime) -> str:
    """Publish a draft and return its address (slug); a second press changes nothing.

    Listed "here", its items may be drawn for anyone's practice and its topics are listed; by "link", only who knows
    the address finds it. Raises Invalid for an empty set, Conflict for one published the other way.
    """
    item_set = own_set(session, set_id, owner_id)
    if item_set.status != "draft":
        if item_set.visibility != visibility:
            raise Conflict("This set is published already. How it is found can’t be changed any more.")
        return item_set.slug
    if not asks(session, item_set):
        raise Invalid("visibility", "Add a question first. A set without questions can’t be published.")
    _address(session, item_set, visibility)
    item_set.visibility, item_set.status, item_set.published_at = visibility, "published", now
    release(session, item_set)
    return item_set.slug


def close(session: Session, set_id: int, owner_id: int, now: datetime) -> None:
    """Let nobody start the set any more; attempts under way end with what is saved. Raises Conflict for a draft."""
    item_set = own_set(session, set_id, owner_id)
    if item_set.status == "draft":
        raise Conflict("This set is a draft: nobody can take it yet, so there is nothing to close.")
    if item_set.status == "published":
        item_set.status, item_set.closed_at = "closed", now
        auditing.record(session, owner_id, "item_set.closed", "item_set", set_id, now=now)
        move_deadlines_of_set(session, item_set, owner_id, now)


def close_due(session: Session, now: datetime) -> dict[str, int]:
    """Close sets whose moment has come, 50 at most; their attempts have ended by then, each by its own deadline."""
    due = session.scalars(
        select(ItemSet)
        .where(ItemSet.status == "published", ItemSet.closes_at <= now)
        .order_by(ItemSet.id)
        .limit(50)
        .with_for_update(skip_locked=True)
    ).all()
    for item_set in due:
        item_set.status, item_set.closed_at = "closed", item_set.closes_at
    session.flush()
    return {"closed": len(due)}


def reopen(session: Session, set_id: int, owner_id: int, now: datetime) -> None:
    """Let a closed set be taken again, at the same address, without the moment that closed it.

    Attempts that ended with the close stay ended. Raises Conflict for a draft or an emptied set.
    """
    item_set = own_set(session, set_id, owner_id)
    if item_set.status == "draft":
        raise Conflict("This set is a draft. Publish it instead.")
    if not asks(session, item_set):
        raise Conflict("This set has no questions left. Add one, then open it again.")
    item_set.status, item_set.closed_at = "published", None
    if item_set.closes_at is not None and item_set.closes_at <= now:
        item_set.closes_at = None
    auditing.record(session, owner_id, "item_set.reopened", "item_set", set_id, now=now)
    move_deadlines_of_set(session, item_set, owner_id, now)


def _address(session: Session, item_set: ItemSet, visibility: Visibility) -> None:
    for _ in range(_TRIES):
        slug = secret_slug() if visibility == "link" else free_slug(session, ItemSet, item_set.title, "set")
        try:
            with session.begin_nested():
                item_set.slug = slug
                session.flush()
        except IntegrityError:
            session.refresh(item_set, with_for_update=True)
        else:
            return
    raise Conflict("Another set took this address just now. Press Publish again.")
