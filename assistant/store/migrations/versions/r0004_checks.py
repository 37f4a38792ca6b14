"""What a version's prompt demands, and whether it was seen in the picture; and a hash of what the painter was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("checks", sa.JSON, nullable=True))
    op.add_column("versions", sa.Column("request", sa.String(64), nullable=True))
    op.create_index("ix_versions_request", "versions", ["request"])
