"""`limner policy`: lists of pictures to refuse, and the record of what was decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ui.errors import InputError
from ui.settings import load_settings
from ui.wiring import Builder


def print_looks(pictures: Sequence[Path]) -> None:
    """Print a line for a list of pictures, as LIMNER_POLICY_PICTURES takes it, for each of these.

    Raises:
        InputError: one cannot be read, or shows nothing that it could be known by.
    """
    from captioner.errors import DataError
    from captioner.known import KnownPictures, look_at

    known, lines = KnownPictures(), []
    for picture in pictures:
        try:
            look = look_at(picture.read_bytes())
            known.add(look, picture.name)
        except OSError as error:
            raise InputError(f"{picture} cannot be read ({error.strerror}); name a picture's file.") from error
        except DataError as error:
            raise InputError(f"{picture} cannot be put on a list of pictures: {error}.") from error
        lines.append(f"{look}  {picture.name.replace('#', ' ')}")
    print("\n".join(lines))


def print_decisions(builder: Builder, every: bool, number: int, as_json: bool, data: Path | None) -> None:
    """Print the newest decisions of everybody's words and pictures, those that let pass only where `every` is said."""
    app = builder(load_settings(data=data))
    try:
        found = app.turns.decisions.newest(number, () if every else ("refused", "altered"))
    finally:
        app.close()
    for one in found:
        if as_json:
            print(json.dumps(asdict(one), ensure_ascii=False))
            continue
        by = f"{one.policy}, {one.rule}" if one.rule else one.policy
        print(f"{one.created[:19]}  {one.verdict:<8}  {one.stage:<7}  {one.level:<4}  {by}  ({one.owner})")
    if not found and not as_json:
        print("Nothing was refused or altered yet." if not every else "Nothing was decided yet.")
