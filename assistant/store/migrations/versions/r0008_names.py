"""Versions have names and captions, and a conversation's title says what it came from.

Whether an older title was given by its person or cut from a message is not known, so it stays as people know it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNTITLED = "New conversation"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("titled", sa.String(20), nullable=False, server_default="person"))
    op.add_column("versions", sa.Column("name", sa.Text, nullable=False, server_default=""))
    op.add_column("versions", sa.Column("caption", sa.Text, nullable=True))
    conversations = sa.table("conversations", sa.column("title"), sa.column("titled"))
    op.get_bind().execute(conversations.update().where(conversations.c.title == UNTITLED).values(titled=""))
