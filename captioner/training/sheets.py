"""Pictures with words below them, as one picture to look at."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

COLUMNS = 4
WIDTH = 256
LINE, LINES = 13, 7
LETTERS = 42


def captioned_sheet(pictures: np.ndarray, notes: Sequence[str]) -> Image.Image:
    """Return pictures (N, H, W, 3) uint8 in rows of four, with what is said of each below it, cut where there is no
    more room."""
    rows = -(-len(pictures) // COLUMNS)
    high = WIDTH + LINE * LINES + 4
    sheet = Image.new("RGB", (COLUMNS * WIDTH, rows * high), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for index, (pixels, note) in enumerate(zip(pictures, notes, strict=True)):
        left, top = index % COLUMNS * WIDTH, index // COLUMNS * high
        sheet.paste(Image.fromarray(pixels).resize((WIDTH, WIDTH), Image.Resampling.LANCZOS), (left, top))
        lines = [line for part in note.splitlines() for line in textwrap.wrap(part, LETTERS)]
        for row, line in enumerate(lines[:LINES]):
            pen.text((left + 4, top + WIDTH + 2 + row * LINE), line, "black", font)
    return sheet
