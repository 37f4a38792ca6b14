"""People, conversations, turns, events and versions, kept: what the rest of the assistant asks of the database.

Every question a person can ask carries its `owner`; another's conversation is as unknown as one that never was. Which
turn is run by whom is in `assistant.store.queue`. Bytes of pictures are in `assistant.images`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, true, union
from sqlalchemy.orm import Session

from assistant.errors import UnknownTurn, UnknownVersion
from assistant.messages import PLAN, Conversation, Event, Plan, Turn, TurnOptions, TurnStatus, Version
from assistant.store.engine import Database
from assistant.store.queue import Ending, NewVersion, end_turn, title_of
from assistant.store.rows import add_event, conversation_value, tombstones, turn_values, version_values
from assistant.store.searching import containing_all
from assistant.store.tables import (
    ConversationRow,
    EventRow,
    FeedbackRow,
    FileRow,
    ParentRow,
    PersonRow,
    RecipeRow,
    TurnRow,
    VersionRow,
)

UNTITLED = "New conversation"
LABEL = re.compile(r"v[1-9][0-9]{0,5}")
OURS = re.compile(r"[0-9a-z]{1,64}")
"""What an id can be. Anything else is asked of no database: some can hold neither half letters nor NUL."""


class ConversationStore:
    """The database of a data folder (SQLite) or of a server (PostgreSQL); safe for many threads and processes."""

    def __init__(self, url: str):
        """Open the database and bring it to the newest schema.

        Raises:
            StoreError: it cannot be used.
        """
        self.database = Database(url)

    def close(self) -> None:
        self.database.close()

    def new_conversation(self, owner: str, now: datetime) -> Conversation:
        with self.database.writing() as session:
            return conversation_value(add_conversation(session, owner, now))

    def conversation(self, conversation_id: str, owner: str) -> Conversation:
        """Raises: UnknownTurn: this person has no such conversation."""
        with self.database.reading() as session:
            return conversation_value(conversation_row(session, conversation_id, owner))

    def conversations(self, owner: str, containing: str = "") -> tuple[Conversation, ...]:
        """Return the person's conversations, the last used first; only those with every word of `containing`.

        Where a word may stand, `assistant.store.searching` says.
        """
        query = select(ConversationRow).where(ConversationRow.owner == owner, *containing_all(owner, containing))
        with self.database.reading() as session:
            rows = session.scalars(query.order_by(ConversationRow.updated.desc(), ConversationRow.id))
            return tuple(conversation_value(row) for row in rows)

    def rename_conversation(self, conversation_id: str, owner: str, title: str) -> None:
        """Raises: UnknownTurn: this person has no such conversation."""
        with self.database.writing() as session:
            row = conversation_row(session, conversation_id, owner, lock=True)
            row.title, row.titled = title_of(title) or UNTITLED, "person"

    def delete_conversation(self, conversation_id: str, owner: str) -> None:
        """Remove the conversation's rows; a sweep of the blobs then removes what nothing else names.

        Raises:
            UnknownTurn: this person has no such conversation.
        """
        with self.database.writing() as session:
            session.delete(conversation_row(session, conversation_id, owner))

    def add_turn(
        self, conversation_id: str, owner: str, message: str, now: datetime, *, idempotency_key: str | None = None,
        parent_turn: str | None = None, sibling_of: str | None = None, plan: Plan | None = None,
        options: TurnOptions | None = None, uploaded: NewVersion | None = None,
    ) -> str:  # fmt: skip
        """Store a message as a queued turn and return its id; an idempotency key already used returns its turn.

        It follows `parent_turn`, stands beside `sibling_of` (a message edited), or follows the newest turn. A picture
        that was `uploaded` makes a turn that has already ended, on that picture.

        Raises:
            UnknownTurn: this person has no such conversation, or it has no such turn.
        """
        with self.database.writing() as session:
            conversation = conversation_row(session, conversation_id, owner, lock=True)
            if idempotency_key is not None:
                same = (TurnRow.conversation_id == conversation_id, TurnRow.idempotency_key == idempotency_key)
                if found := session.scalar(select(TurnRow.id).where(*same)):
                    return found
            parent = _parent(session, conversation, parent_turn, sibling_of)
            conversation.turns += 1
            conversation.updated = now.isoformat()
            if not conversation.titled and message.strip():
                conversation.title, conversation.titled = title_of(message), "message"
            row = TurnRow(
                id=secrets.token_hex(8), conversation_id=conversation_id, parent_id=parent, number=conversation.turns,
                message=message, idempotency_key=idempotency_key, given_plan=PLAN.dump_python(plan, mode="json") if plan
                else None, options=asdict(options or TurnOptions()), status=TurnStatus.QUEUED, ends_on=None, reply="",
                error="", seconds=0.0, created=now.isoformat(), submitted=round(now.timestamp() * 1e9), events=0,
                worker=None, lease_until=0.0, attempts=0, cancel_asked=False,
            )  # fmt: skip
            session.add(row)
            session.flush()
            add_event(session, row, "queued", {"turn": row.number}, now)
            if uploaded is not None:
                end_turn(session, row, Ending(TurnStatus.DONE, versions=(uploaded,)), now)
            return row.id

    def turn(self, turn_id: str, owner: str) -> Turn:
        """Raises: UnknownTurn: this person has no such turn."""
        with self.database.reading() as session:
            return turn_values(session, [_turn(session, turn_id, owner)])[0]

    def turns(self, conversation_id: str, owner: str) -> tuple[Turn, ...]:
        """Return all turns of a conversation in the order they were said, siblings included."""
        with self.database.reading() as session:
            conversation_row(session, conversation_id, owner)
            query = select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.number)
            return turn_values(session, list(session.scalars(query)))

    def events(self, turn_id: str, owner: str, after: int = 0) -> tuple[tuple[Event, ...], bool]:
        """Return the events numbered above `after`, and whether the turn has ended, both from one instant."""
        with self.database.reading() as session:
            row = _turn(session, turn_id, owner)
            query = select(EventRow).where(EventRow.turn_id == turn_id, EventRow.number > after)
            rows = session.scalars(query.order_by(EventRow.number))
            events = tuple(Event(turn_id, event.number, event.kind, event.data) for event in rows)  # type: ignore[arg-type]
            return events, TurnStatus(row.status).ended

    def versions(self, conversation_id: str, owner: str) -> tuple[Version, ...]:
        """Return the conversation's versions by number; tombstones are left out."""
        with self.database.reading() as session:
            conversation_row(session, conversation_id, owner)
            return version_values(session, VersionRow.conversation_id == conversation_id)

    def version(self, conversation_id: str, label: str, owner: str) -> Version:
        """Raises: UnknownVersion: the conversation has no such version."""
        number = int(label[1:]) if LABEL.fullmatch(label) else 0
        with self.database.reading() as session:
            conversation_row(session, conversation_id, owner)
            here: tuple[ColumnElement[bool], ...] = (VersionRow.conversation_id == conversation_id,)
            if found := version_values(session, *here, VersionRow.number == number):
                return found[0]
            gone = label in tombstones(session, conversation_id)
            raise UnknownVersion(unknown_version(label, [v.label for v in version_values(session, *here)], gone))

    def painted(self, requests: Sequence[str], owner: str) -> dict[str, Version]:
        """Return the person's versions whose hash of what was asked is among these, the newest of each."""
        here = select(ConversationRow.id).where(ConversationRow.owner == owner)
        wanted = VersionRow.conversation_id.in_(here) & VersionRow.request.in_(requests)
        with self.database.reading() as session:
            named = select(VersionRow.id, VersionRow.request).where(wanted, VersionRow.deleted.is_(None))
            newest = {str(key): row for row, key in session.execute(named.order_by(VersionRow.created))}
            found = {version.id: version for version in version_values(session, VersionRow.id.in_(newest.values()))}
            return {key: found[row] for key, row in newest.items()}

    def may_read(self, digest: str, owner: str) -> bool:
        """Say whether one of the person's versions is this picture or has this latent."""
        query = select(VersionRow.id).join(ConversationRow).where(ConversationRow.owner == owner)
        with self.database.reading() as session:
            found = query.where((VersionRow.image == digest) | (VersionRow.latent == digest)).limit(1)
            return session.scalar(found) is not None

    def version_of(self, image: str, owner: str) -> Version | None:
        """Return the first of the person's versions that is this picture, or None."""
        with self.database.reading() as session:
            own = select(ConversationRow.id).where(ConversationRow.owner == owner)
            here = VersionRow.image == image, VersionRow.conversation_id.in_(own)
            return next(iter(version_values(session, *here)), None)

    def add_feedback(self, version_id: str, owner: str, liked: bool, words: str, now: datetime) -> None:
        """Raises: UnknownVersion: this person has no such version."""
        query = select(VersionRow.id).join(ConversationRow).where(VersionRow.id == version_id)
        with self.database.writing() as session:
            if session.scalar(query.where(ConversationRow.owner == owner)) is None:
                raise UnknownVersion("There is no such picture among yours; look at the list of your conversations.")
            row: dict[str, Any] = {"version_id": version_id, "owner": owner, "liked": liked, "words": words}
            session.execute(delete(FeedbackRow).where(FeedbackRow.version_id == version_id, FeedbackRow.owner == owner))
            session.add(FeedbackRow(id=secrets.token_hex(8), created=now.isoformat(), **row))

    def feedback_of(self, conversation_id: str, owner: str) -> dict[str, bool]:
        """Return which versions of a conversation its person likes, and which not, by label."""
        own = ConversationRow.id == conversation_id, ConversationRow.owner == owner, FeedbackRow.owner == owner
        query = select(VersionRow.number, FeedbackRow.liked).join(ConversationRow).join(FeedbackRow).where(*own)
        with self.database.reading() as session:
            return {f"v{number}": liked for number, liked in session.execute(query)}

    def named_digests(self) -> set[str]:
        """Return the digests that any row names, for the sweep of the blobs."""
        with self.database.reading() as session:
            return _digests(session) | set(session.scalars(select(FileRow.digest)))

    def digests_of(self, conversation_id: str, owner: str) -> set[str]:
        """Return the digests that a conversation names. Raises: UnknownTurn: this person has no such conversation."""
        with self.database.reading() as session:
            conversation_row(session, conversation_id, owner)
            return _digests(session, conversation_id)


def _digests(session: Session, conversation_id: str | None = None) -> set[str]:
    """Return the digests that a conversation's versions and turns name; None asks all conversations.

    What was painted from a picture that is deleted by now names it no longer: that picture is to be gone.
    """
    version = true() if conversation_id is None else VersionRow.conversation_id == conversation_id
    turn = true() if conversation_id is None else TurnRow.conversation_id == conversation_id
    orphans = select(ParentRow.version_id).join(VersionRow, VersionRow.id == ParentRow.parent_id)
    orphans = orphans.where(VersionRow.deleted.is_not(None))

    def named_by_recipes(name: str, after: int = 0) -> Select[tuple[str]]:
        digest = select(func.substr(RecipeRow.recipe[name].as_string(), 1 + after))
        return digest.join(VersionRow, VersionRow.id == RecipeRow.version_id).where(version)

    named = union(
        select(VersionRow.image).where(version),
        select(VersionRow.latent).where(version),
        *(named_by_recipes(name) for name in ("mask", "source_mask")),
        named_by_recipes("parent_image").where(RecipeRow.version_id.not_in(orphans)),
        # "pixels:" or "latent:" and the digest
        named_by_recipes("source", after=len("pixels:")).where(RecipeRow.version_id.not_in(orphans)),
        select(TurnRow.options["mask"].as_string()).where(turn),
    )
    return {digest for digest in session.scalars(named) if digest}


def add_conversation(session: Session, owner: str, now: datetime) -> ConversationRow:
    """Add a conversation, and its owner where they are new, inside a transaction that writes."""
    add_person(session, owner, now)
    row = ConversationRow(
        id=secrets.token_hex(8), owner=owner, title=UNTITLED, titled="", created=now.isoformat(),
        updated=now.isoformat(), turns=0, versions=0,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def add_person(session: Session, owner: str, now: datetime) -> None:
    if session.get(PersonRow, owner) is None:
        session.add(PersonRow(id=owner, created=now.isoformat()))
        session.flush()


def unknown_version(label: str, labels: Sequence[str], is_deleted: bool = False) -> str:
    """Return the sentence for a version that a conversation, which has these, does not have, or has no longer."""
    if is_deleted and not labels:
        return f"{label} was deleted, and there is no other picture in this conversation; describe a new one."
    if is_deleted:
        return f"{label} was deleted; this conversation has {_runs(labels)}."
    if not labels:
        return f"There is no {label} in this conversation; it has no picture yet, so describe one first."
    return f"There is no {label} in this conversation; it has {_runs(labels)}."


def _runs(labels: Sequence[str]) -> str:
    """Return labels in their order as "v1, v3 to v5"."""
    runs: list[list[str]] = []
    for label in labels:
        if runs and int(label[1:]) == int(runs[-1][-1][1:]) + 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def conversation_row(session: Session, conversation_id: str, owner: str, lock: bool = False) -> ConversationRow:
    query = select(ConversationRow).where(ConversationRow.id == conversation_id, ConversationRow.owner == owner)
    row = session.scalar(query.with_for_update() if lock else query) if OURS.fullmatch(conversation_id) else None
    if row is None:
        raise UnknownTurn(f"There is no conversation {conversation_id[:80]!r} of yours; start a new one.")
    return row


def _turn(session: Session, turn_id: str, owner: str) -> TurnRow:
    query = select(TurnRow).join(ConversationRow).where(TurnRow.id == turn_id, ConversationRow.owner == owner)
    row = session.scalar(query) if OURS.fullmatch(turn_id) else None
    if row is None:
        raise UnknownTurn(f"There is no turn {turn_id[:80]!r} of yours; look at the conversation's history.")
    return row


def _parent(session: Session, conversation: ConversationRow, parent: str | None, sibling: str | None) -> str | None:
    if sibling is None and parent is None:
        newest = select(TurnRow.id).where(TurnRow.conversation_id == conversation.id)
        return session.scalar(newest.order_by(TurnRow.number.desc()).limit(1))
    named = _turn(session, sibling or parent or "", conversation.owner)
    if named.conversation_id != conversation.id:
        raise UnknownTurn("That turn belongs to another conversation; send the message in the turn's own conversation.")
    return named.parent_id if sibling else named.id
