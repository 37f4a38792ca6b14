"""The first schema. Past migrations are never changed; a new one is added after them.

It stands alone: it names no table of `assistant.store.tables`, which goes on changing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(64)


def _reference(table: str, column: str, to: str, cascade: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE" if cascade else None
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        _key("people", "id"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("updated", sa.Text, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("versions", sa.Integer, nullable=False),
        _key("conversations", "id"),
        _reference("conversations", "owner", "people", cascade=False),
    )
    op.create_index("ix_conversations_owner_updated", "conversations", ["owner", "updated"])
    op.create_table(
        "turns",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("parent_id", ID),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.String(200)),
        sa.Column("given_plan", sa.JSON),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("ends_on", sa.Integer),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("submitted", sa.BigInteger, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(200)),
        sa.Column("lease_until", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("cancel_asked", sa.Boolean, nullable=False),
        _key("turns", "id"),
        _reference("turns", "conversation_id", "conversations"),
        _reference("turns", "parent_id", "turns"),
        _unique("turns", "conversation_id", "number"),
        _unique("turns", "conversation_id", "idempotency_key"),
    )
    op.create_index("ix_turns_status_submitted", "turns", ["status", "submitted"])
    op.create_table(
        "events",
        sa.Column("turn_id", ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        _key("events", "turn_id", "number"),
        _reference("events", "turn_id", "turns"),
    )
    op.create_table(
        "plans",
        sa.Column("turn_id", ID, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("planned_by", sa.Text, nullable=False),
        _key("plans", "turn_id"),
        _reference("plans", "turn_id", "turns"),
    )
    op.create_table(
        "versions",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("turn_id", ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("image", ID, nullable=False),
        sa.Column("latent", ID),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("deleted", sa.Text),
        _key("versions", "id"),
        _reference("versions", "conversation_id", "conversations"),
        _reference("versions", "turn_id", "turns"),
        _unique("versions", "conversation_id", "number"),
    )
    op.create_index("ix_versions_image", "versions", ["image"])
    op.create_index("ix_versions_latent", "versions", ["latent"])
    op.create_table(
        "version_parents",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("parent_id", ID, nullable=False),
        _key("version_parents", "version_id", "position"),
        _reference("version_parents", "version_id", "versions"),
        _reference("version_parents", "parent_id", "versions"),
    )
    op.create_index("ix_version_parents_parent_id", "version_parents", ["parent_id"])
    op.create_table(
        "recipes",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("recipe", sa.JSON, nullable=False),
        _key("recipes", "version_id"),
        _reference("recipes", "version_id", "versions"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("liked", sa.Boolean, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        _key("feedback", "id"),
        _reference("feedback", "version_id", "versions"),
        _reference("feedback", "owner", "people", cascade=False),
    )
    op.create_index("ix_feedback_version_id", "feedback", ["version_id"])


def downgrade() -> None:
    for table in (
        "feedback", "recipes", "version_parents", "versions", "plans", "events", "turns", "conversations", "people",
    ):  # fmt: skip
        op.drop_table(table)
