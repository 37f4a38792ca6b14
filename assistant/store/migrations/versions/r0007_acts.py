"""Locked phrases, how far an edit has drifted, and plans of acts that were once refused: these become the words that
were said about them, since their shape is another one now.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONCE_REFUSED = ("extend", "merge", "upscale")
SAID = "This could not be done yet when it was asked."


def upgrade() -> None:
    op.create_table(
        "locks",
        sa.Column("version_id", sa.String(64), nullable=False),
        sa.Column("phrase", sa.String(200), nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "phrase", name="pk_locks"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_locks_version_id", ondelete="CASCADE"),
    )
    op.add_column("versions", sa.Column("drift", sa.Float, nullable=True))
    _put_in_words()


def _put_in_words() -> None:
    """Turn plans of acts that were refused into replies; they hold an act, labels and a reply, and painted nothing."""
    plans = sa.table("plans", sa.column("turn_id"), sa.column("act"), sa.column("plan", sa.JSON))
    turns = sa.table("turns", sa.column("id"), sa.column("reply"), sa.column("given_plan", sa.JSON))
    connection = op.get_bind()
    old = sa.select(plans.c.turn_id, plans.c.plan, turns.c.reply).join(turns, turns.c.id == plans.c.turn_id)
    for turn, plan, reply in connection.execute(old.where(plans.c.act.in_(ONCE_REFUSED))).all():
        words = reply_plan(_fields(plan), reply)
        connection.execute(plans.update().where(plans.c.turn_id == turn).values(act="reply", plan=words))
    given = sa.select(turns.c.id, turns.c.given_plan, turns.c.reply).where(turns.c.given_plan.is_not(None))
    for turn, plan, reply in connection.execute(given).all():
        if plan and _fields(plan)["act"] in ONCE_REFUSED:
            words = reply_plan(_fields(plan), reply)
            connection.execute(turns.update().where(turns.c.id == turn).values(given_plan=words))


def _fields(plan: dict[str, object] | str) -> dict[str, object]:
    fields: dict[str, object] = json.loads(plan) if isinstance(plan, str) else plan
    return fields


def reply_plan(plan: dict[str, object], reply: str) -> dict[str, object]:
    return {
        "schema_version": 1, "act": "reply", "reply": reply or plan.get("reply") or SAID,
        "targets": plan.get("targets") or [],
    }  # fmt: skip
