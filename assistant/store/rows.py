"""Rows into values, and the few writes that several queries share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assistant.messages import PLAN, Conversation, EventKind, Plan, Turn, TurnOptions, TurnStatus, Version
from assistant.store.tables import ConversationRow, EventRow, ParentRow, PlanRow, RecipeRow, TurnRow, VersionRow
from captioner.request import Check, Checklist
from generation.request import Recipe

RECIPE_SCHEMA_VERSION = 1


def conversation_value(row: ConversationRow) -> Conversation:
    return Conversation(row.id, row.owner, row.title, row.created, row.updated)


def turn_values(session: Session, rows: Sequence[TurnRow]) -> tuple[Turn, ...]:
    """Return the rows as values, with their plans and the labels of what they made."""
    ids = [row.id for row in rows]
    plans = {plan.turn_id: plan for plan in session.scalars(select(PlanRow).where(PlanRow.turn_id.in_(ids)))}
    made: dict[str, list[str]] = {turn_id: [] for turn_id in ids}
    query = select(VersionRow.turn_id, VersionRow.number).where(VersionRow.turn_id.in_(ids))
    for turn_id, number in session.execute(query.order_by(VersionRow.number)):
        made[turn_id].append(f"v{number}")
    return tuple(
        Turn(
            row.id, row.conversation_id, row.parent_id, row.number, row.message, TurnStatus(row.status),
            PLAN.validate_python(plans[row.id].plan) if row.id in plans else None,
            f"v{row.ends_on}" if row.ends_on else None, tuple(made[row.id]), row.reply, row.error, row.seconds,
            options_value(row.options),
        )
        for row in rows
    )  # fmt: skip


def options_value(options: dict[str, Any]) -> TurnOptions:
    pairs = {name: tuple(pair) for name in ("size", "place") if (pair := options.get(name))}
    return TurnOptions(**{**options, **pairs})


def version_values(session: Session, *where: ColumnElement[bool]) -> tuple[Version, ...]:
    """Return the living versions that fit, by number, with their parents' labels and their recipes."""
    query = select(VersionRow, RecipeRow).outerjoin(RecipeRow, RecipeRow.version_id == VersionRow.id)
    found = session.execute(query.where(VersionRow.deleted.is_(None), *where).order_by(VersionRow.number)).all()
    parents: dict[str, list[str]] = {row.id: [] for row, _ in found}
    links = select(ParentRow.version_id, VersionRow.number).join(VersionRow, VersionRow.id == ParentRow.parent_id)
    for version_id, number in session.execute(
        links.where(ParentRow.version_id.in_(parents)).order_by(ParentRow.version_id, ParentRow.position)
    ):
        parents[version_id].append(f"v{number}")
    gone = {name: tombstones(session, name) for name in {row.conversation_id for row, _ in found}}
    return tuple(
        Version(
            row.id, row.conversation_id, row.turn_id, row.number, tuple(parents[row.id]), row.prompt, row.change,
            row.region, row.image, row.latent, row.width, row.height, cast(Literal["painted", "uploaded"], row.origin),
            _recipe(recipe.recipe) if recipe else None, row.seconds, row.changed,
            None if row.checks is None else tuple(Check(**check) for check in row.checks), row.drift, row.name,
            row.caption or "", *_lost(parents[row.id], gone[row.conversation_id]),
        )
        for row, recipe in found
    )  # fmt: skip


@dataclass(frozen=True)
class Tombstone:
    """What is left of a deleted version: the labels of its parents, and whether a person's own picture was in it."""

    parents: tuple[str, ...]
    held_own: bool


def tombstones(session: Session, conversation_id: str) -> dict[str, Tombstone]:
    """Return the deleted versions of a conversation, by label."""
    query = select(VersionRow.id, VersionRow.number, VersionRow.origin)
    here = VersionRow.conversation_id == conversation_id, VersionRow.deleted.is_not(None)
    rows = session.execute(query.where(*here)).all()
    parents: dict[str, list[str]] = {row.id: [] for row in rows}
    links = select(ParentRow.version_id, VersionRow.number).join(VersionRow, VersionRow.id == ParentRow.parent_id)
    if rows:
        for version_id, number in session.execute(
            links.where(ParentRow.version_id.in_(parents)).order_by(ParentRow.version_id, ParentRow.position)
        ):
            parents[version_id].append(f"v{number}")
    return {f"v{row.number}": Tombstone(tuple(parents[row.id]), row.origin == "uploaded") for row in rows}


def nearest(parents: Sequence[str], gone: Mapping[str, Tombstone]) -> str | None:
    """Return the first of some parents that is still there, or else of theirs, and so on; None where there is none."""
    left = list(parents)
    while left:
        label = left.pop(0)
        if label not in gone:
            return label
        left += [older for older in gone[label].parents if older not in left]
    return None


def _lost(parents: Sequence[str], gone: Mapping[str, Tombstone]) -> tuple[str | None, bool]:
    """Return what a version whose parents these are has for `instead` and `held_own`."""
    held_own = any(gone[label].held_own for label in parents if label in gone)
    return (nearest(parents, gone) or "") if parents and parents[0] in gone else None, held_own


def _recipe(fields: dict[str, Any]) -> Recipe:
    place = fields.get("place")  # JSON has lists alone
    return Recipe(**{**fields, "place": (place[0], place[1]) if place else None})


def checks_row(checks: Checklist | None) -> list[dict[str, Any]] | None:
    return None if checks is None else [asdict(check) for check in checks]


def recipe_row(version_id: str, recipe: Recipe) -> RecipeRow:
    fields = {**vars(recipe), "libraries": dict(recipe.libraries)}
    return RecipeRow(version_id=version_id, schema_version=RECIPE_SCHEMA_VERSION, recipe=fields)


def plan_row(turn_id: str, plan: Plan, planned_by: str) -> PlanRow:
    return PlanRow(
        turn_id=turn_id, schema_version=plan.schema_version, act=plan.act, plan=PLAN.dump_python(plan, mode="json"),
        planned_by=planned_by,
    )  # fmt: skip


def add_event(session: Session, row: TurnRow, kind: EventKind, data: dict[str, Any], now: datetime) -> int:
    """Number and add an event inside the transaction that holds the turn's row; return its number."""
    row.events += 1
    session.add(EventRow(turn_id=row.id, number=row.events, kind=kind, data=data, created=now.isoformat()))
    return row.events
