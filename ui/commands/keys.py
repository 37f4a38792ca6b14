"""`limner keys`: the API's keys are made, listed and revoked here, and nowhere over the network."""

from __future__ import annotations

from pathlib import Path

from ui.errors import InputError
from ui.settings import load_settings
from ui.wiring import Builder

MAX_NAME_LETTERS = 100


def add_key(builder: Builder, name: str, person: str | None, data: Path | None) -> None:
    """Print a new key.

    Raises:
        InputError: the name or the person cannot be used.
    """
    for what, text in (("name", name), ("person", person)):
        if text is not None and not (text.strip() and text.isprintable() and len(text) <= MAX_NAME_LETTERS):
            raise InputError(f"The {what} of a key has 1 to {MAX_NAME_LETTERS} printable letters; give another.")
    app = builder(load_settings(data=data))
    try:
        key, secret = app.keys.make(person or app.owner, name.strip(), app.turns.clock())
        print(f"{secret}\nKeep it: it cannot be shown again. `limner keys revoke {key.id}` makes it useless.")
    finally:
        app.close()


def list_keys(builder: Builder, data: Path | None) -> None:
    app = builder(load_settings(data=data))
    try:
        for key in app.keys.all():
            state = f"revoked {key.revoked[:10]}" if key.revoked else "valid"
            print(f"{key.id}  {key.created[:10]}  {state:<18}  {key.owner:<12}  {key.name}")
    finally:
        app.close()


def revoke_key(builder: Builder, key_id: str, data: Path | None) -> None:
    """Raises: UnknownKey: there is no such key."""
    app = builder(load_settings(data=data))
    try:
        key = app.keys.revoke(key_id, app.turns.clock())
        print(f"{key.id} ({key.name}) no longer opens anything.")
    finally:
        app.close()
