"""A list of pictures, known again by their look whatever their size and compression: a file of looks, or a folder.

A look (`captioner.likeness`) tells no more of a picture than that, so a list of them can be handed on without it.
"""

from __future__ import annotations

import re
from pathlib import Path

from captioner.errors import DataError, first_line
from captioner.likeness import Likeness, is_flat
from captioner.pictures import SUFFIXES, read_picture

LOOK = re.compile(r"[0-9a-f]{40}")
SIDE = 128
"""Pixels at least as which a picture is decoded for its look: enough to tell the same for any compression."""


class KnownPictures:
    """Pictures by name, as `read_known` reads them."""

    def __init__(self) -> None:
        self._likeness = Likeness()
        self.names: list[str] = []

    def add(self, look: str, name: str) -> None:
        """Take a picture in; one that looks like an earlier one is known by that one's name.

        Raises:
            DataError: it shows no pattern, so that far too much would look like it.
        """
        if is_flat(look):
            raise DataError("it shows nothing that it could be known by; leave it out")
        self._likeness.like(look, name)
        self.names.append(name)

    def name_of(self, picture: bytes) -> str | None:
        """Return the name of the known picture that a file looks like, or None. Raises: DataError: it is no picture."""
        return self._likeness.found(look_at(picture))


def look_at(picture: bytes) -> str:
    """Return the look of a picture's file. Raises: DataError: it is no picture that is read here."""
    return read_picture(picture, SIDE).look


def read_known(place: Path) -> KnownPictures:
    """Return the pictures of a file of looks, one and a name a line (what follows a # is for people), or of a folder.

    Raises:
        DataError: the place cannot be read, a line holds no look, or a picture cannot be known again.
    """
    known = KnownPictures()
    if place.is_dir():
        for file in sorted(file for file in place.rglob("*") if file.suffix[1:].lower() in SUFFIXES):
            try:
                known.add(look_at(file.read_bytes()), file.relative_to(place).as_posix())
            except (DataError, OSError) as error:
                raise DataError(f"{file} cannot be put on the list of pictures: {first_line(error)}.") from error
        return known
    try:
        lines = place.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise DataError(
            f"The list of pictures {place} cannot be read ({why}); give a file of looks or a folder."
        ) from error
    for number, line in enumerate(lines, 1):
        look, _, name = line.partition("#")[0].strip().partition(" ")
        if not look:
            continue
        if not LOOK.fullmatch(look.lower()):
            raise DataError(
                f"Line {number} of {place} holds no look of a picture, 40 hexadecimal digits, but {look[:50]!r}; "
                "`limner policy look PICTURE` writes such lines."
            )
        try:
            known.add(look.lower(), name.strip() or look.lower())
        except DataError as error:
            raise DataError(f"The picture on line {number} of {place} cannot be on a list: {error}.") from error
    return known
