"""Submit, events, cancel: the one way a turn happens, for the page, the API and the terminal alike.

Knows people's questions and hands the work on: what a turn does is in `assistant.flow`, who runs it in
`assistant.jobs`, what is kept in `assistant.store`. Every method takes the `owner`, who sees only what is theirs.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from assistant.checking import Tries
from assistant.errors import BlobError, RefusedUpload, StoreError, UnknownTurn
from assistant.flow import FOLD_BEYOND, Flow
from assistant.images import PNG, BlobStore
from assistant.jobs import Presence, StopSign, Worker
from assistant.messages import Conversation, Event, Plan, Turn, TurnOptions, TurnResult, Version
from assistant.onlooker import Describe, Onlooker
from assistant.pairs import verdicts
from assistant.policy import Level, Policy, Refused, WordPolicy, check_storable
from assistant.policy_pictures import check_story
from assistant.rewriter import Rewriter
from assistant.store.decisions import DecisionStore
from assistant.store.locks import LockStore
from assistant.store.queue import Job, NewVersion, TurnQueue
from assistant.store.store import ConversationStore
from assistant.store.versions import VersionStore
from assistant.story import holds_own
from assistant.uploads import Upload
from captioner.request import Checker
from generation.request import Painter, Recipe, RegionFinder

YOU = "you"
"""The owner on a machine with one person and no sign-in."""
LISTEN_SECONDS = 0.2
"""How often a listener looks for events that another process wrote, and whether it shall go."""
PLACE_SECONDS = 0.5
"""How often somebody who waits looks how many come before."""
JUST_WRITTEN_SECONDS = 10.0
"""A file this young may be one that another turn, which painted the very same bytes, is about to name."""
LAST_KINDS = ("done", "failed", "cancelled")


def _now() -> datetime:
    return datetime.now(UTC)


def _seed() -> int:
    return secrets.randbelow(2**31)


class Turns:
    """Conversations and their turns; safe for many threads, and for many processes on one data folder."""

    def __init__(
        self, store: ConversationStore, blobs: BlobStore, painter: Painter, rewriter: Rewriter,
        policy: Policy | None = None, clock: Callable[[], datetime] = _now, seeds: Callable[[], int] = _seed,
        regions: RegionFinder | None = None, describe: Callable[[bytes], str] | None = None,
        checker: Checker | None = None, tries: Tries = Tries(),
        fold_beyond: float = FOLD_BEYOND, looks: Describe | None = None,
        others: Mapping[str, tuple[Painter, Checker | None]] = MappingProxyType({}), name: str = "",
    ):  # fmt: skip
        """`looks` puts finished pictures into words in the background, for search and titles (`assistant.onlooker`).

        `others` are further painters that turns may ask for by their names, each with who looks at what it paints;
        `name` is that of the usual one.
        """
        self.store = store
        self.blobs = blobs
        self.painter = painter
        self.rewriter = rewriter
        self.describe = describe
        self.checker = checker
        self.clock = clock
        queue = TurnQueue(store.database)
        policy = self._policy = policy or WordPolicy()
        self.decisions = DecisionStore(store.database)
        self._locks = LockStore(store)
        self.name = name
        self.painters: dict[str, Painter] = {name: painter} | {other: each for other, (each, _) in others.items()}

        def flow_of(named: str, painter: Painter, regions: RegionFinder | None, checker: Checker | None) -> Flow:
            return Flow(
                store, queue, blobs, painter, rewriter, policy, clock, seeds, self._announce, regions, describe,
                checker, tries, fold_beyond, named,
            )  # fmt: skip

        usual = flow_of(name, painter, regions, checker)
        flows = {
            other: flow_of(other, each, each if isinstance(each, RegionFinder) else None, looker)
            for other, (each, looker) in others.items()
        }

        def run(job: Job, stop: StopSign) -> None:
            flows.get(job.options.painter or "", usual).run(job, stop)

        folder = store.database.folder
        self._queue = queue
        self._worker = Worker(queue, Presence(folder / "workers" if folder else None), run, clock)
        self._versions = VersionStore(store)
        self._onlooker: Onlooker | None = None
        if looks is not None:
            database = store.database
            painted = all(looker is not None for looker in (checker, *(looker for _, looker in others.values())))
            self._onlooker = Onlooker(
                database, blobs, looks, painted, lambda: self._worker.is_busy, lambda: self._announce("", 0, b"")
            )
        self._sweeping: set[threading.Timer] = set()
        self._news = threading.Condition()
        self._news_count = 0
        self._previews: dict[str, tuple[int, bytes]] = {}
        self._closed = False

    def __enter__(self) -> Turns:
        return self

    def __exit__(self, *why: object) -> None:
        self.close()

    def start(self, looks: bool = True) -> None:
        """Run turns in a thread of this process, those left over from before first; sweep old files nothing names.

        With `looks`, finished pictures are put into words in another thread.
        """
        self._worker.start(self.sweep)
        if self._onlooker and looks:
            self._onlooker.start()

    def run_pending(self) -> int:
        """Run queued turns in this thread until there is none left; return how many ran."""
        return self._worker.run_pending()

    def recover(self) -> tuple[str, ...]:
        """Take up the turns of processes that died, and return their ids: queued again, or failed aloud."""
        return self._worker.recover()

    @property
    def trouble(self) -> StoreError | None:
        """Why turns cannot go on in this process at present (a full disk, say), or None; they are tried again."""
        return self._worker.trouble

    def close(self) -> None:
        """Stop running turns and let listeners go; a turn midway goes back to the queue."""
        self._closed = True
        for timer in tuple(self._sweeping):
            timer.cancel()
        self._worker.close()
        if self._onlooker:
            self._onlooker.close()
        self._announce("", 0, b"")

    def new_conversation(self, owner: str = YOU) -> Conversation:
        return self.store.new_conversation(owner, self.clock())

    def conversation(self, conversation_id: str, owner: str = YOU) -> Conversation:
        """Raises: UnknownTurn."""
        return self.store.conversation(conversation_id, owner)

    def list_conversations(self, owner: str = YOU, containing: str = "") -> tuple[Conversation, ...]:
        """Return the person's conversations, the last used first; only those with every word of `containing`."""
        return self.store.conversations(owner, containing)

    def rename_conversation(self, conversation_id: str, title: str, owner: str = YOU) -> None:
        """Raises: UnknownTurn, MessageError: the title is no text."""
        check_storable(title)
        self.store.rename_conversation(conversation_id, owner, title)

    def delete_conversation(self, conversation_id: str, owner: str = YOU) -> None:
        """Remove a conversation and its files (the newest of them a little later). Raises: UnknownTurn."""
        for turn in self.store.turns(conversation_id, owner):
            if not turn.status.ended:
                self.cancel(turn.id, owner)
        named = self.store.digests_of(conversation_id, owner)
        self.store.delete_conversation(conversation_id, owner)
        self._let_go(named)

    def _let_go(self, digests: set[str]) -> None:
        """Remove files that no row names any more; what was just written, once it is old enough."""
        with suppress(OSError):  # the rows are gone, which is what was asked; the next sweep takes the files
            self.blobs.sweep(self.store.named_digests, JUST_WRITTEN_SECONDS, digests)

        def again() -> None:
            self._sweeping.discard(timer)
            with suppress(OSError, StoreError):
                self.blobs.sweep(self.store.named_digests, JUST_WRITTEN_SECONDS, digests)

        timer = threading.Timer(JUST_WRITTEN_SECONDS + 1, again)
        timer.daemon = True
        self._sweeping.add(timer)
        timer.start()

    def rename_version(self, conversation_id: str, version: str, name: str, owner: str = YOU) -> None:
        """Call a version by a name beside its label; "" takes the name away.

        Raises:
            UnknownTurn, UnknownVersion: there is none.
            MessageError: the name is no text.
        """
        check_storable(name)
        self._versions.rename(conversation_id, version, owner, name)

    def like_version(self, conversation_id: str, version: str, liked: bool, owner: str = YOU) -> None:
        """Keep whether its person likes a version. Raises: UnknownTurn, UnknownVersion: there is none."""
        found = self.store.version(conversation_id, version, owner)
        self.store.add_feedback(found.id, owner, liked, "", self.clock())

    def judged(self, conversation_id: str, owner: str = YOU) -> dict[str, bool]:
        """Return which versions of a conversation were kept and which not, as `assistant.pairs` tells it.

        Raises:
            UnknownTurn: there is no such conversation.
        """
        liked = self.store.feedback_of(conversation_id, owner)
        return verdicts(self.history(conversation_id, owner), self.versions(conversation_id, owner), liked)

    def delete_version(self, conversation_id: str, version: str, owner: str = YOU) -> None:
        """Remove a version and its files that nothing else has (the newest a little later).

        Versions made from it stay, and turns that ended on it end on the one that comes next.

        Raises:
            UnknownTurn, UnknownVersion: there is none.
            MessageError: a turn of the conversation has not ended.
        """
        known = {one.label: one for one in self.store.versions(conversation_id, owner)}
        its_own = version in known and holds_own(known[version], known)
        self._let_go(self._versions.delete(conversation_id, version, owner, self.clock(), its_own))
        if self._onlooker:
            self._onlooker.wake()

    def history(self, conversation_id: str, owner: str = YOU) -> tuple[Turn, ...]:
        """Return all turns in the order they were said; `parent_id` makes them a tree. Raises: UnknownTurn."""
        return self.store.turns(conversation_id, owner)

    def versions(self, conversation_id: str, owner: str = YOU) -> tuple[Version, ...]:
        """Return the conversation's versions by number. Raises: UnknownTurn."""
        return self.store.versions(conversation_id, owner)

    def lock(self, conversation_id: str, version: str, phrase: str, owner: str = YOU) -> tuple[str, ...]:
        """Lock words of a version's prompt, and return all that then hold there, as `locked`.

        From then on, whatever the rewriter says, they stand in the prompt of all that descends from the version.

        Args:
            version: its label, "v3".
            phrase: 1 to 200 letters that stand in its prompt, in whatever case and spacing.

        Raises:
            UnknownTurn, UnknownVersion: there is none.
            MessageError: the prompt does not say that, or there are too many locks.
        """
        check_storable(phrase)
        return self._locks.mark(conversation_id, version, phrase, True, owner, self.clock())

    def unlock(self, conversation_id: str, version: str, phrase: str, owner: str = YOU) -> tuple[str, ...]:
        """Unlock a phrase from a version on, wherever it was locked before, and return those that still hold there.

        Raises:
            UnknownTurn, UnknownVersion: there is none.
            MessageError: it is not locked there.
        """
        check_storable(phrase)
        return self._locks.mark(conversation_id, version, phrase, False, owner, self.clock())

    def locked(self, conversation_id: str, version: str, owner: str = YOU) -> tuple[str, ...]:
        """Return the phrases that hold at a version, those that it inherits included, in the order they were locked.

        Raises:
            UnknownTurn, UnknownVersion: there is none.
        """
        return self._locks.at(conversation_id, version, owner)

    def submit(
        self, conversation_id: str, message: str, idempotency_key: str | None = None, parent_turn: str | None = None,
        plan: Plan | None = None, options: TurnOptions | None = None, *, sibling_of: str | None = None,
        owner: str = YOU,
    ) -> str:  # fmt: skip
        """Store a message for good and return the id of its turn, which then runs by itself.

        Args:
            idempotency_key: the same key in the same conversation gives the same turn, also from another process.
            parent_turn: the turn that the message follows; None for the conversation's newest.
            plan: what a button or parameter already decided; the rewriter is then not asked, and the message may be "".
            sibling_of: the turn whose message this one replaces (an edited message): it gets the same parent.

        Raises:
            MessageError: the message cannot even be stored (half letters, NUL, over a million letters).
            UnknownTurn: this person has no such conversation or turn.
            StoreError: the database cannot be written.
        """
        check_storable(message + (idempotency_key or ""))
        turn_id = self.store.add_turn(
            conversation_id, owner, message, self.clock(), idempotency_key=idempotency_key, parent_turn=parent_turn,
            sibling_of=sibling_of, plan=plan, options=options,
        )  # fmt: skip
        self._worker.wake()
        return turn_id

    def bring(
        self, conversation_id: str, picture: Upload, idempotency_key: str | None = None, parent_turn: str | None = None,
        *, owner: str = YOU, moderation: Level = "auto",
    ) -> str:  # fmt: skip
        """Keep a person's own picture as a version, and return the id of its turn, which has already ended on it.

        A picture that tells how it was painted gets its prompt and recipe back. Another gets its words from the
        captioner, where there is one (`describe`). `moderation` is how strict the policy is with it.

        Raises:
            UnknownTurn: this person has no such conversation or turn.
            RefusedUpload, ModelError, CaptionerError, GenerationError: as `check_uploads`.
            BlobError, StoreError: it could not be kept.
        """
        told = self.check_uploads([picture], owner, moderation)[0].story
        words = told.prompt if told else self.describe(picture.png) if self.describe else ""
        version = NewVersion(
            image=self.blobs.put(picture.png, PNG), latent=None, width=picture.width, height=picture.height,
            prompt=words, origin="uploaded", recipe=_restored(told.recipe) if told and told.recipe else None,
        )  # fmt: skip
        turn = self.store.add_turn(
            conversation_id, owner, "", self.clock(), idempotency_key=idempotency_key, parent_turn=parent_turn,
            uploaded=version,
        )  # fmt: skip
        if self._onlooker:
            self._onlooker.wake()
        return turn

    def check_uploads(self, pictures: Sequence[Upload], owner: str, level: Level = "auto") -> list[Upload]:
        """Return people's own pictures as they may be kept or looked at, their stories in the policy's words.

        Raises:
            RefusedUpload: the policy refuses one, or what its file tells of it.
            ModelError, CaptionerError, GenerationError: who looks at pictures cannot be had.
        """
        decisions = list(self._policy.check_pictures([picture.png for picture in pictures], "upload", level))
        passed = list(pictures)
        for at, picture in enumerate(pictures):
            if picture.story is not None:
                story, decision = check_story(self._policy, picture.story, level)
                passed[at] = replace(picture, story=story)
                decisions.append(decision)
        for decision in decisions:
            self.decisions.add(owner, None, "upload", self._policy.name, level, decision, self.clock())
        for decision in decisions:
            if isinstance(decision, Refused):
                raise RefusedUpload(decision.reason)
        return passed

    def keep_mask(self, mask: bytes) -> str:
        """Keep a mask (a PNG, white where an edit may change its picture) and return its SHA-256, for `TurnOptions`."""
        return self.blobs.put(mask, PNG)

    def events(
        self, turn_id: str, after: int = 0, *, owner: str = YOU, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[Event]:
        """Yield the turn's events numbered above `after`, waiting for more until the turn has ended.

        Works wherever the turn runs; previews carry their bytes only in the process that paints, and only the newest.
        `stopped` is asked a few times a second: a listener whose reader has gone says yes and ends.

        Raises:
            UnknownTurn: this person has no such turn.
        """
        self.store.turn(turn_id, owner)
        return self._listen(turn_id, after, owner, stopped)

    def _listen(self, turn_id: str, after: int, owner: str, stopped: Callable[[], bool]) -> Iterator[Event]:
        while not stopped():
            seen = self._news_count
            try:
                events, ended = self.store.events(turn_id, owner, after)
            except UnknownTurn:
                return  # its conversation was deleted meanwhile
            for event in events:
                after = event.number
                number, preview = self._previews.get(turn_id, (0, b""))
                yield replace(event, image=preview) if number == event.number else event
            if ended or self._closed:
                return
            with self._news:
                if self._news_count == seen:
                    self._news.wait(LISTEN_SECONDS)

    def waiting(self, turn_id: str, *, owner: str = YOU, stopped: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Yield how many turns come before this one, each time that changes, until its own turn comes or it ends.

        Raises:
            UnknownTurn: this person has no such turn.
        """
        self.store.turn(turn_id, owner)
        return self._wait_in_line(turn_id, stopped)

    def _wait_in_line(self, turn_id: str, stopped: Callable[[], bool]) -> Iterator[int]:
        told, looked = None, -PLACE_SECONDS
        while not stopped() and not self._closed:
            seen = self._news_count
            if not self._queue.is_waiting(turn_id):
                return
            if time.monotonic() - looked >= PLACE_SECONDS:
                looked = time.monotonic()
                before = self._queue.before(turn_id, self.clock())
                if before is not None and before != told:
                    yield (told := before)
            with self._news:
                if self._news_count == seen:
                    self._news.wait(LISTEN_SECONDS)

    def cancel(self, turn_id: str, owner: str = YOU) -> None:
        """Stop a turn wherever it runs, at its next step; one that has ended stays as it is. Raises: UnknownTurn."""
        self.store.turn(turn_id, owner)
        self._queue.ask_cancel(turn_id, self.clock())
        self._worker.cancel(turn_id)
        self._announce("", 0, b"")

    def wait(self, turn_id: str, timeout: float | None = None, owner: str = YOU) -> TurnResult:
        """Wait until the turn has ended, or until the time is over, and return what became of it."""
        deadline = None if timeout is None else time.monotonic() + timeout
        for _ in self.events(
            turn_id, owner=owner, stopped=lambda: deadline is not None and time.monotonic() > deadline
        ):
            pass
        return self.result(turn_id, owner)

    def result(self, turn_id: str, owner: str = YOU) -> TurnResult:
        """Return what became of a turn so far. Raises: UnknownTurn."""
        turn = self.store.turn(turn_id, owner)
        version = self.store.version(turn.conversation_id, turn.ends_on, owner) if turn.ends_on else None
        return TurnResult(
            conversation=turn.conversation_id, turn=turn.id, number=turn.number, message=turn.message,
            status=turn.status, act=turn.plan.act if turn.plan else None, version=turn.ends_on, versions=turn.made,
            parents=version.parents if version else (), prompt=version.prompt if version else "",
            change=version.change if version else "", region=version.region if version else "",
            image=version.image if version else None,
            seed=version.recipe.seed if version and version.recipe else None,
            changed=version.changed if version else None, checks=version.checks if version else None,
            seconds=turn.seconds, reply=turn.reply, error=turn.error, drift=version.drift if version else None,
            locked=self.locked(turn.conversation_id, version.label, owner) if version else (),
        )  # fmt: skip

    def picture(self, digest: str, owner: str = YOU) -> bytes:
        """Return the checked bytes of one of the person's own pictures. Raises: BlobError."""
        self._own(digest, owner)
        return self.blobs.read(digest)

    def picture_path(self, digest: str, owner: str = YOU) -> Path:
        """Return the file of one of the person's own pictures. Raises: BlobError."""
        self._own(digest, owner)
        return self.blobs.path(digest)

    def sweep(self) -> int:
        """Remove old files that no version names; return how many."""
        return self.blobs.sweep(self.store.named_digests)

    def is_looked_at(self, conversation_id: str, owner: str = YOU) -> bool:
        """Say whether words for a conversation's pictures, or its title, are still to come. Raises: UnknownTurn."""
        self.store.conversation(conversation_id, owner)
        return self._onlooker is not None and self._onlooker.is_at(conversation_id)

    def wait_for_words(
        self, conversation_id: str, owner: str = YOU, *, timeout: float, stopped: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait while words for a conversation's pictures are still to come, and say whether any were.

        Raises:
            UnknownTurn: this person has no such conversation.
        """
        deadline, waited = time.monotonic() + timeout, False
        while not stopped() and not self._closed and time.monotonic() < deadline:
            seen = self._news_count
            if not self.is_looked_at(conversation_id, owner):
                break
            waited = True
            with self._news:
                if self._news_count == seen:
                    self._news.wait(LISTEN_SECONDS)
        return waited

    def _own(self, digest: str, owner: str) -> None:
        if not self.store.may_read(digest, owner):
            raise BlobError(f"There is no picture {digest[:80]!r} of yours; look at the list of your conversations.")

    def _announce(self, turn_id: str, number: int, preview: bytes) -> None:
        """Wake the listeners; keep a preview until the turn's next one or its end."""
        if preview:
            self._previews[turn_id] = (number, preview)
        elif not number:
            self._previews.pop(turn_id, None)
        with self._news:
            self._news_count += 1
            self._news.notify_all()
        if self._onlooker and turn_id and not number:
            self._onlooker.wake()


def _restored(recipe: Recipe) -> Recipe:
    """Return a recipe from an upload without the files that it names: whether they may be read is not for it to say."""
    start = recipe.start.partition(":")[0]
    return replace(
        recipe,
        mask=None,
        parent_image=None,
        source=None,
        source_mask=None,
        start=start if start == "noise" else f"{start}:",
    )
