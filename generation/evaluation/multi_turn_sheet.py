"""A sheet of conversations for people to look at: a column for each turn, a row for each way, the words above."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from generation.evaluation.conversations import Conversation

CELL = 128
GAP = 4
WORDS = 44
"""Pixels for what was asked, above each column: three lines."""
LETTERS = 22
"""Letters of a line of it."""
NAMES = 150
"""Pixels for the name of the way, before each row."""


def sheet(talks: Sequence[Conversation], pictures: Mapping[str, np.ndarray], titles: Mapping[str, str]) -> Image.Image:
    """Return the sheet.

    Args:
        talks: N conversations.
        pictures: (turns + 1, N, H, W, 3) uint8, by the name of the way; the first picture stands before the first turn.
        titles: how the ways are called.
    """
    columns = 1 + len(talks[0].edits)
    block = WORDS + len(pictures) * (CELL + GAP) + 3 * GAP
    found = Image.new("RGB", (NAMES + columns * (CELL + GAP), len(talks) * block), "white")
    pen, font = ImageDraw.Draw(found), ImageFont.load_default(11)
    for number, talk in enumerate(talks):
        top = number * block
        for column in range(columns):
            left = NAMES + column * (CELL + GAP)
            said = f"{column}: {talk.edits[column - 1].instruction}" if column else f"conversation {number}"
            lines = textwrap.wrap(said, LETTERS)[:3]
            pen.multiline_text((left, top + 2), "\n".join(lines), "black", font, spacing=1)
            for row, of_way in enumerate(pictures.values()):
                picture = Image.fromarray(of_way[column, number]).resize((CELL, CELL))
                found.paste(picture, (left, top + WORDS + row * (CELL + GAP)))
        for row, name in enumerate(pictures):
            y = top + WORDS + row * (CELL + GAP) + CELL // 2
            pen.multiline_text((GAP, y), textwrap.fill(titles[name], LETTERS), "black", font)
    return found
