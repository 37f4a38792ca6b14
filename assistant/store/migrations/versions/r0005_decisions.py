"""What the policy decided: a row for each look at a message, a prompt, a person's own picture or a result."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("turn_id", sa.String(64), nullable=True),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name="fk_decisions_owner"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_decisions_turn_id", ondelete="CASCADE"),
    )
    op.create_index("ix_decisions_turn_id", "decisions", ["turn_id"])
