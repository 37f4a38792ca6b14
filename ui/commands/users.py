"""`limner users`: who may sign in to the page is said here, and nowhere over the network."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path

from ui.errors import InputError
from ui.settings import load_settings
from ui.wiring import Builder

MAX_NAME_LETTERS = 100
LEAST_LETTERS, MOST_LETTERS = 8, 1000


def add_user(builder: Builder, name: str, person: str | None, data: Path | None) -> None:
    """Ask for a password and let somebody sign in with it; whoever is there already gets another.

    Raises:
        InputError: the name, the person or the password cannot be used.
    """
    for what, text in (("name", name), ("person", person)):
        if text is not None and not (text.strip() == text and text.isprintable() and 0 < len(text) <= MAX_NAME_LETTERS):
            raise InputError(f"A {what} has 1 to {MAX_NAME_LETTERS} printable letters; give another.")
    password = read_password()
    app = builder(load_settings(data=data))
    try:
        before = next((user for user in app.users.all() if user.name == name), None)
        owner = person or (before.owner if before else name)
        app.users.set(name, password, owner, app.turns.clock())
        print(f"{name} can sign in{' with the new password' if before else ''}, and sees the pictures of {owner}.")
    finally:
        app.close()


def read_password() -> str:
    """Return a password, typed twice at a terminal, or the first line of what is piped in.

    Raises:
        InputError: it is too short, or the two are not the same.
    """
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("The same again: ") != password:
            raise InputError("The two passwords are not the same; try again.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not LEAST_LETTERS <= len(password) <= MOST_LETTERS:
        raise InputError(
            f"A password has at least {LEAST_LETTERS} letters and this has {len(password)}; choose a longer one."
            if len(password) < LEAST_LETTERS
            else f"A password has at most {MOST_LETTERS:,} letters; choose a shorter one."
        )
    return password


def list_users(builder: Builder, data: Path | None) -> None:
    app = builder(load_settings(data=data))
    try:
        for user in app.users.all():
            print(f"{user.name:<20}  {user.created[:10]}  sees the pictures of {user.owner}")
    finally:
        app.close()


def remove_user(builder: Builder, name: str, data: Path | None) -> None:
    """Raises: UnknownUser: there is no such user."""
    app = builder(load_settings(data=data))
    try:
        app.users.remove(name)
        print(f"{name} can no longer sign in; the pictures are kept.")
    finally:
        app.close()
