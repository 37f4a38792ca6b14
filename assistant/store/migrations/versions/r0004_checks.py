"""What a version's prompt demands, and whether the captioner saw it in the picture."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("checks", sa.JSON, nullable=True))
