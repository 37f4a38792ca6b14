"""`limner draw`: one message in a conversation of its own, and its picture in a file."""

from __future__ import annotations

import os
import re
import secrets
import time
from pathlib import Path

from assistant.direct import exactly
from assistant.messages import TurnOptions, TurnStatus
from ui.commands.chat import checks_line
from ui.commands.following import follow
from ui.errors import InputError, SettingsError
from ui.settings import load_settings
from ui.wiring import Builder

SIZE = re.compile(r"([0-9]{1,6})(?:[xX×]([0-9]{1,6}))?")


def draw(
    builder: Builder, message: str, out: Path, seed: int | None, size: str | None, steps: int | None, data: Path | None,
    exact: bool = False, tries: int | None = None,
) -> None:  # fmt: skip
    """Draw and say the prompt, the file, the seconds and what of the prompt is missing.

    Raises:
        SettingsError: an option cannot be used.
        InputError: no picture came of it.
    """
    options = TurnOptions(seed=seed, size=parse_size(size), steps=steps, tries=tries)
    check_file(out)
    started = time.monotonic()
    app = builder(load_settings(data=data))
    try:
        app.start(looks=False)
        conversation = app.turns.new_conversation(app.owner)
        plan = exactly(message) if exact and message.strip() else None
        turn = app.turns.submit(conversation.id, message, plan=plan, options=options, owner=app.owner)
        app.warm_up(app.teller.load)
        result = follow(app, turn)
        if result.status is not TurnStatus.DONE or result.version is None or not result.versions:
            raise InputError(result.error or f"No picture was painted: {result.reply or 'the turn was stopped'}")
        versions = {version.label: version for version in app.turns.versions(result.conversation, app.owner)}
        save(app.teller.picture(versions[result.version], versions), out)
        print(f"{result.prompt}\n{out}  ({time.monotonic() - started:.1f} s)")
        if result.checks:
            print(checks_line(result.checks))
    finally:
        app.close()


def parse_size(text: str | None) -> tuple[int, int] | None:
    """Return (width, height) of "512" or "512x384".

    Raises:
        SettingsError: it is neither.
    """
    if text is None:
        return None
    found = SIZE.fullmatch(text.strip())
    if not found:
        raise SettingsError(f"A size is one number or two, such as 512 or 512x384; {text[:40]!r} was asked.")
    return int(found[1]), int(found[2] or found[1])


def check_file(out: Path) -> None:
    """Raises: SettingsError: the picture could not be written there, known before anything is painted."""
    if out.suffix.lower() != ".png":
        raise SettingsError(
            f"Pictures are written as PNG, and {out.name[:80]!r} does not end in .png; choose another -o."
        )
    if out.is_dir() or not out.parent.is_dir():
        raise SettingsError(f"{out} cannot be written: there is no folder {out.parent}; make it, or choose another -o.")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise SettingsError(f"{out} cannot be written: there is no permission to; choose another -o.")


def save(data: bytes, out: Path) -> None:
    """Write a picture, whole or not at all.

    Raises:
        SettingsError: the file cannot be written; the picture is kept in the data folder all the same.
    """
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(data)
        temporary.replace(out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SettingsError(f"{out} cannot be written ({error.strerror}); choose another -o.") from error
