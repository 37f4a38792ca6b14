"""Alembic's entry: runs the migrations over the connection that `assistant.store.engine` hands over."""

from __future__ import annotations

from alembic import context

from assistant.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
