"""`limner chat`: a conversation in a terminal, or one message a line from anything else, as text or as JSON."""

from __future__ import annotations

import codecs
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from assistant import direct
from assistant.errors import AssistantError
from assistant.messages import Plan, TurnOptions, TurnResult, TurnStatus
from captioner.request import Checklist, missing, parted
from ui.commands.following import follow
from ui.errors import InputError, SettingsError
from ui.settings import load_settings
from ui.wiring import App, Builder

MAX_LINE_BYTES = 8_000_000
STOPPED = "The turn was stopped before it was finished."
INTERRUPTED = 130
GREETING = "Say what you would like to see, then what to change. Ctrl-C stops a picture, Ctrl-D ends."


@dataclass(frozen=True)
class TurnReport:
    """What one turn comes to, on one line of JSON; the README explains the keys."""

    conversation: str
    turn: str | None = None
    act: str | None = None
    version: str | None = None
    versions: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    prompt: str | None = None
    change: str | None = None
    region: str | None = None
    image: str | None = None
    seed: int | None = None
    changed: float | None = None
    checks: Checklist | None = None
    seconds: float = 0.0
    reply: str = ""
    error: str | None = None
    drift: float | None = None
    locked: tuple[str, ...] = ()


def chat(
    builder: Builder, as_json: bool, new: bool, conversation: str | None, data: Path | None, exact: bool = False,
    tries: int | None = None, fold: bool = False, lock: str | None = None, unlock: str | None = None,
    rename: tuple[str, str] | None = None, delete: str | None = None, yes: bool = False, like: str | None = None,
    dislike: str | None = None,
) -> None:  # fmt: skip
    """Hold the conversation to its end, or do the one thing to its pictures that was asked for.

    Raises:
        SettingsError: there is no such conversation, or nobody is there to say whether to delete.
        AssistantError: there is no such version, or it cannot be renamed or deleted now.
        SystemExit: a turn failed (1) or was stopped while its input was not a terminal (130).
    """
    if new and conversation:
        raise SettingsError("--new begins a conversation and --conversation goes on with one; give one of the two.")
    app = builder(load_settings(data=data))
    try:
        talk = _Talk(app, choose(app, new, conversation), as_json, exact, TurnOptions(tries=tries))
        if lock is not None or unlock is not None:
            talk.lock(lock, unlock)
            return
        judged = [(label, liked) for label, liked in ((like, True), (dislike, False)) if label is not None]
        if judged or rename is not None or delete is not None:
            for label, liked in judged:
                talk.like(label, liked)
            if rename is not None:
                talk.rename(*rename)
            if delete is not None:
                talk.delete(delete, yes)
            return
        app.start(looks=False)
        if fold:
            talk.paint_at_once()
        elif sys.stdin.isatty() and not as_json:
            app.warm_up()
            talk.with_person()
        else:
            talk.with_lines(sys.stdin.buffer)
    finally:
        app.close()
    if talk.status:
        sys.exit(talk.status)


def choose(app: App, new: bool, conversation: str | None) -> str:
    """Return the conversation asked for, or the one used last, or a new one."""
    if conversation:
        return app.turns.conversation(conversation, app.owner).id
    known = () if new else app.turns.list_conversations(app.owner)
    return known[0].id if known else app.turns.new_conversation(app.owner).id


class _Talk:
    """One run of the command."""

    def __init__(self, app: App, conversation: str, as_json: bool, exact: bool, options: TurnOptions):
        self.app = app
        self.conversation = conversation
        self.as_json = as_json
        self.exact = exact
        self.options = options
        self.status = 0

    def with_person(self) -> None:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - gives input() its editing keys
        print(GREETING)
        self._say_where()
        while True:
            try:
                message = input("\n› ")
            except EOFError:
                print()
                return
            except KeyboardInterrupt:
                print("\nCtrl-D ends.")
                continue
            except UnicodeDecodeError:
                self._report(TurnReport(self.conversation, error=not_text("The message")))
                continue
            if message.strip():
                report = self._take(message)
                self._report(report)
                if report.act == "edit" and self._fold()[1] == direct.OFFER_AFTER:
                    print("Three changes by now: limner chat --at-once paints them anew, all at once, to compare.")
        # A person who saw the error needs no exit status.

    def paint_at_once(self) -> None:
        """Paint what the edits came to anew, from the noise of the picture that they began with.

        Raises:
            SettingsError: there are no edits on one another here.
        """
        folding, _ = self._fold()
        if folding is None:
            raise SettingsError(
                "--at-once paints two or more edits on one another anew, and this conversation is not at such a "
                "picture; go to one first, or leave --at-once out."
            )
        message, plan, options = folding
        report = self._submit(message, plan, replace(options, tries=self.options.tries))
        self._report(report)
        self.status = int(report.error is not None)

    def lock(self, lock: str | None, unlock: str | None) -> None:
        """Lock and unlock phrases of the present picture's prompt, and say what then holds.

        Raises:
            SettingsError: there is no picture yet.
            MessageError: the prompt does not say that, or it is not locked.
        """
        turns, owner = self.app.turns, self.app.owner
        past = turns.history(self.conversation, owner)
        version = past[-1].ends_on if past else None
        if version is None:
            raise SettingsError("--lock and --unlock are about a picture's prompt, and there is no picture here yet.")
        if lock is not None:
            turns.lock(self.conversation, version, lock, owner)
        if unlock is not None:
            turns.unlock(self.conversation, version, unlock, owner)
        held = turns.locked(self.conversation, version, owner)
        if self.as_json:
            print(json.dumps({"conversation": self.conversation, "version": version, "locked": held}))
        else:
            print(f"{version}: " + (f"locked {', '.join(f'“{phrase}”' for phrase in held)}" if held else "no locks"))

    def rename(self, label: str, name: str) -> None:
        """Call a version by a name, or by none, and say so. Raises: UnknownVersion, MessageError."""
        turns, owner = self.app.turns, self.app.owner
        turns.rename_version(self.conversation, label, name, owner)
        name = self.app.store.version(self.conversation, label, owner).name
        if self.as_json:
            print(json.dumps({"conversation": self.conversation, "version": label, "name": name}, ensure_ascii=False))
        else:
            print(f"{label} is called “{name}” now." if name else f"{label} has no name of its own now.")

    def like(self, label: str, liked: bool) -> None:
        """Keep whether a version is liked, and say so. Raises: UnknownVersion: there is none."""
        self.app.turns.like_version(self.conversation, label, liked, self.app.owner)
        if self.as_json:
            print(json.dumps({"conversation": self.conversation, "version": label, "liked": liked}))
        else:
            print(f"{label} is {'' if liked else 'not '}as you like it; `limner export --pairs` writes that down.")

    def delete(self, label: str, yes: bool) -> None:
        """Delete a version once a person said yes, and say where the conversation is then.

        Raises:
            UnknownVersion: there is none.
            SettingsError: nobody can be asked.
            MessageError: a picture is being painted.
        """
        turns, owner = self.app.turns, self.app.owner
        self.app.store.version(self.conversation, label, owner)
        if not yes and not sys.stdin.isatty():
            raise SettingsError("--delete asks before it deletes, and nobody can answer here; add --yes.")
        if not yes and input(f"Delete {label} for good? What was made from it stays. [y/N] ").strip().lower() != "y":
            print(f"{label} is kept.")
            return
        turns.delete_version(self.conversation, label, owner)
        current = turns.history(self.conversation, owner)[-1].ends_on
        if self.as_json:
            print(json.dumps({"conversation": self.conversation, "deleted": label, "version": current}))
        else:
            print(f"{label} was deleted; " + (f"you are at {current}." if current else "there is no picture left."))

    def _fold(self) -> tuple[tuple[str, Plan, TurnOptions] | None, int]:
        """Return what would paint the present picture's edits at once, and how many they are."""
        turns, owner = self.app.turns, self.app.owner
        past = turns.history(self.conversation, owner)
        versions = {version.label: version for version in turns.versions(self.conversation, owner)}
        current = versions.get((past[-1].ends_on if past else None) or "")
        if current is None:
            return None, 0
        return direct.fold(current, versions), direct.edited_from(current, versions)[1]

    def with_lines(self, stream: BinaryIO) -> None:
        for number, line in enumerate(read_lines(stream), start=1):
            if isinstance(line, InputError):
                report = TurnReport(self.conversation, error=f"Line {number}: {line}")
            else:
                report = self._take(line)
            self._report(report)
            if report.error:
                self.status = self.status or 1
            if report.error == STOPPED:
                self.status = INTERRUPTED
                return

    def _take(self, message: str) -> TurnReport:
        try:
            plan = direct.exactly(message) if self.exact and message.strip() else None
            return self._submit(message, plan, self.options)
        except AssistantError as error:
            return TurnReport(self.conversation, error=str(error))

    def _submit(self, message: str, plan: Plan | None, options: TurnOptions) -> TurnReport:
        turns, owner = self.app.turns, self.app.owner
        turn = turns.submit(self.conversation, message, plan=plan, options=options, owner=owner)
        return report_of(self.app, follow(self.app, turn))

    def _report(self, report: TurnReport) -> None:
        if self.as_json:
            text = json.dumps(asdict(report), ensure_ascii=False)
        else:
            text = "\n".join(lines_of(report))
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()

    def _say_where(self) -> None:
        turns = self.app.turns.history(self.conversation, self.app.owner)
        if turns:
            where = f", at {turns[-1].ends_on}" if turns[-1].ends_on else ""
            print(f"Going on with “{turns[0].message[:60]}”{where}. limner chat --new begins another.")


def report_of(app: App, result: TurnResult) -> TurnReport:
    """Return the report of a turn that has ended; a refusal counts as an error, for nothing was done."""
    error = result.error or None
    if result.status is TurnStatus.CANCELLED:
        error = STOPPED
    elif error is None and result.act == "refuse":
        error = result.reply
    image = str(app.turns.picture_path(result.image, app.owner)) if result.image else None
    return TurnReport(
        conversation=result.conversation, turn=result.turn, act=result.act, version=result.version,
        versions=result.versions, parents=result.parents, prompt=result.prompt or None, change=result.change or None,
        region=result.region or None, image=image, seed=result.seed,
        changed=None if result.changed is None else round(result.changed, 4), checks=result.checks,
        seconds=round(result.seconds, 3), reply=result.reply, error=error,
        drift=None if result.drift is None else round(result.drift, 4), locked=result.locked,
    )  # fmt: skip


def lines_of(report: TurnReport) -> list[str]:
    """Return the report as a person reads it."""
    if report.error:
        return [report.error]
    lines = [report.reply] if report.reply else []
    if report.versions or report.act == "return":
        origin = f", from {' and '.join(report.parents)}" if report.parents and report.versions else ""
        changed = "" if report.changed is None or not report.versions else f", {report.changed:.0%} of it changed"
        lines.append(
            f"{', '.join(report.versions) or report.version}{origin}{changed}  {report.image}  ({report.seconds:.1f} s)"
        )
        lines += [checks_line(report.checks)] if report.checks and report.versions else []
    return lines or ["Done."]


def checks_line(checks: Checklist) -> str:
    """Return what was looked for in a picture and is missing, in one short line."""
    gone, count = missing(checks), len(checks)
    if not gone:
        return f"Checked: nothing missing ({count} detail{'s' * (count != 1)})."
    lacking, too_much = (", ".join(things) for things in parted(gone))
    said = [f"Not seen in it: {lacking}" if lacking else "", f"too much in it: {too_much}" if too_much else ""]
    line = "; ".join(filter(None, said))
    return f"{line[0].upper()}{line[1:]}; {sum(check.found for check in checks)} of {count} details are there."


def read_lines(stream: BinaryIO) -> Iterator[str | InputError]:
    """Yield the lines as text; one that cannot be taken is yielded as the error that says why."""
    first = True
    while line := stream.readline(MAX_LINE_BYTES):
        whole = line.endswith(b"\n") or len(line) < MAX_LINE_BYTES
        while not whole:
            rest = stream.readline(MAX_LINE_BYTES)
            whole = rest.endswith(b"\n") or len(rest) < MAX_LINE_BYTES
        if first:
            line = line.removeprefix(codecs.BOM_UTF8)
            first = False
        if len(line) >= MAX_LINE_BYTES:
            yield InputError(f"it is longer than {MAX_LINE_BYTES:,} bytes; shorten it and send it again.")
            continue
        try:
            yield line.rstrip(b"\r\n").decode("utf-8")
        except UnicodeDecodeError:
            yield InputError(not_text("it"))


def not_text(what: str) -> str:
    return f"{what} is not UTF-8 text; send words only, in UTF-8."
