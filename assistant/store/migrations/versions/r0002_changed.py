"""How much of its parent's picture a version changed: the share of pixels, for edits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("changed", sa.Float, nullable=True))
