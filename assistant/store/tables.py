"""The tables, as SQLAlchemy sees them. What is really there is said by the migrations; a test holds the two together.

Times are ISO 8601 in UTC where people read them, seconds since 1970 where leases are compared. Plans, recipes and
options are JSON that carries its own schema version.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Float, ForeignKey, Index, Integer, MetaData, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012
        str: Text,
        dict[str, Any]: JSON(none_as_null=True),
        list[dict[str, Any]]: JSON(none_as_null=True),
    }


ID = String(64)


class PersonRow(Base):
    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    created: Mapped[str]


class ConversationRow(Base):
    __tablename__ = "conversations"
    __table_args__ = (Index(None, "owner", "updated"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str]
    titled: Mapped[str] = mapped_column(String(20))
    """What the title came from, as `assistant.messages.Titled` has it."""
    created: Mapped[str]
    updated: Mapped[str]
    turns: Mapped[int] = mapped_column(Integer)
    """How many turns were ever numbered."""
    versions: Mapped[int] = mapped_column(Integer)
    """How many versions were ever numbered."""


class TurnRow(Base):
    __tablename__ = "turns"
    __table_args__ = (
        Unique("conversation_id", "number"),
        Unique("conversation_id", "idempotency_key"),
        Index(None, "status", "submitted"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    message: Mapped[str]
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    given_plan: Mapped[dict[str, Any] | None]
    """A plan that a button or a parameter built; the rewriter is then not asked."""
    options: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20))
    ends_on: Mapped[int | None] = mapped_column(Integer)
    """A version's number in this conversation."""
    reply: Mapped[str]
    error: Mapped[str]
    seconds: Mapped[float] = mapped_column(Float)
    created: Mapped[str]
    submitted: Mapped[int] = mapped_column(BigInteger)
    """Nanoseconds since 1970: the order of the queue."""
    events: Mapped[int] = mapped_column(Integer)
    """How many events were numbered."""
    worker: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[float] = mapped_column(Float)
    attempts: Mapped[int] = mapped_column(Integer)
    cancel_asked: Mapped[bool] = mapped_column(Boolean)


class EventRow(Base):
    __tablename__ = "events"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]]
    created: Mapped[str]


class PlanRow(Base):
    __tablename__ = "plans"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    schema_version: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(20))
    plan: Mapped[dict[str, Any]]
    planned_by: Mapped[str]
    """The rewriter's name, or "person" for a plan that came with the message."""


class VersionRow(Base):
    __tablename__ = "versions"
    __table_args__ = (
        Unique("conversation_id", "number"),
        Index(None, "image"),
        Index(None, "latent"),
        Index(None, "request"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    prompt: Mapped[str]
    change: Mapped[str]
    region: Mapped[str]
    image: Mapped[str] = mapped_column(ID)
    latent: Mapped[str | None] = mapped_column(ID)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    origin: Mapped[str] = mapped_column(String(20))
    seconds: Mapped[float] = mapped_column(Float)
    created: Mapped[str]
    deleted: Mapped[str | None]
    """When it became a tombstone, which keeps its number, its turn, its parents and its origin, and nothing of what it
    showed. The origin of one that held something of a person's own picture is then "uploaded"."""
    name: Mapped[str]
    """What its person calls it; "" for nothing but its label."""
    caption: Mapped[str | None]
    """What a captioner sees in it; NULL where nobody looked."""
    changed: Mapped[float | None] = mapped_column(Float)
    """The share of the parent's pixels that an edit changed."""
    drift: Mapped[float | None] = mapped_column(Float)
    """How far what should have stayed has moved since the chain of edits began."""
    checks: Mapped[list[dict[str, Any]] | None]
    """What the prompt demands, and whether it was seen; NULL where nobody looked."""
    request: Mapped[str | None] = mapped_column(ID)
    """A hash of all that was asked of the painter; an equal one need not be painted again."""


class ParentRow(Base):
    __tablename__ = "version_parents"

    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    parent_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), index=True)


class LockRow(Base):
    """A phrase that is locked, or unlocked again, from a version on."""

    __tablename__ = "locks"

    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    phrase: Mapped[str] = mapped_column(String(200), primary_key=True)
    locked: Mapped[bool] = mapped_column(Boolean)
    created: Mapped[str]


class RecipeRow(Base):
    __tablename__ = "recipes"

    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    schema_version: Mapped[int] = mapped_column(Integer)
    recipe: Mapped[dict[str, Any]]


class FeedbackRow(Base):
    __tablename__ = "feedback"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), index=True)
    owner: Mapped[str] = mapped_column(ForeignKey("people.id"))
    liked: Mapped[bool] = mapped_column(Boolean)
    words: Mapped[str]
    created: Mapped[str]


class DecisionRow(Base):
    """What the policy decided of a message, a prompt or a picture."""

    __tablename__ = "decisions"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("people.id"))
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    """None for a picture that was refused before it became a turn."""
    stage: Mapped[str] = mapped_column(String(20))
    policy: Mapped[str]
    level: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str]
    reason: Mapped[str]
    created: Mapped[str]


class KeyRow(Base):
    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    hash: Mapped[str] = mapped_column(ID, unique=True)
    """SHA-256 of the key, which is random and long enough to need no salt; the key itself is kept nowhere."""
    created: Mapped[str]
    revoked: Mapped[str | None]


class RequestRow(Base):
    """A request to the API that named an idempotency key, and the conversation in which it is carried out."""

    __tablename__ = "api_requests"

    owner: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body: Mapped[str] = mapped_column(ID)
    """SHA-256 of what was asked."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    created: Mapped[str]


class FileRow(Base):
    """A file that a person sent to the API."""

    __tablename__ = "files"
    __table_args__ = (Index(None, "owner"), Index(None, "digest"))

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("people.id"))
    digest: Mapped[str] = mapped_column(ID)
    bytes: Mapped[int] = mapped_column(BigInteger)
    filename: Mapped[str]
    purpose: Mapped[str] = mapped_column(String(40))
    created: Mapped[int] = mapped_column(BigInteger)
    """Seconds since 1970, as the API says them; `expires` too."""
    expires: Mapped[int | None] = mapped_column(BigInteger)


class UserRow(Base):
    """Somebody who may sign in, and the person whose conversations they see."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("people.id"))
    password: Mapped[str]
    """Argon2id, with its salt and its costs; the password itself is kept nowhere."""
    created: Mapped[str]


class SignInRow(Base):
    """A browser that somebody signed in with."""

    __tablename__ = "sign_ins"

    hash: Mapped[str] = mapped_column(ID, primary_key=True)
    """SHA-256 of what the browser sends, which is random and long enough to need no salt."""
    user: Mapped[str] = mapped_column(ForeignKey("users.name", ondelete="CASCADE"))
    until: Mapped[float] = mapped_column(Float)
    """Seconds since 1970."""
