"""What a plan says, read from its text, be it whole or still being written."""

from __future__ import annotations

import re

from captioner.reading import Label, labels_in
from captioner.world.words import STYLE_SAID

EDIT, MERGE = '{"act":"edit"', '{"act":"merge"'
TARGET = re.compile(r'"targets":\["(v[0-9]+)"\]')
CHANGE = re.compile(r'"change":"([^"]*)"')
PARTS = re.compile(r", (?:and )?| and ")
REPLACED = re.compile(r"^replace .+ with ")
SWAPPED = re.compile(r"^swap .+ for ")
MOODIER = re.compile(r"\b(?:happier|sadder|merrier|calmer)\b")
SIZED = re.compile(r"\b(?:bigger|smaller|larger|tinier)\b")
_STYLE = re.compile(r"\bstyle to ([a-z -]+?)(?=,| and |$)")
_FRAMED = re.compile(r"\bshow it from\b")
_BY_DAY = re.compile(r"\bdaytime\b")
AGAIN = 7
"""How often a plan is written again, at most."""


def labels_of(change: str) -> list[Label]:
    """Return what a change names, as `captioner.reading.labels_in` does of captions: what is somebody's, too (of "the
    dog's hat" a dog and a hat), and what captions say in other words, such as the style and daytime.

    A framing has no value, as a change only tells which way it goes.
    """
    styles = {said: style for style, others in STYLE_SAID.items() for said in others}
    labels = labels_in(re.sub(r"['’]s?\b(?= )", "", change))
    labels += [("style", styles.get(found[1], "")) for found in _STYLE.finditer(change)]
    labels += [("time", "day") for _ in _BY_DAY.finditer(change)]
    return labels + [("framing", "") for _ in _FRAMED.finditer(change)]
