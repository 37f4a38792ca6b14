"""Contact sheets: many scenes on one picture, for people to look at."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from captioner.world.draw import render
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, MOODS, Item, Relation, Scene, Thing, WorldSetting

GAP = 6


def contact_sheet(scenes: Sequence[Scene], columns: int = 8, size: int = 128) -> Image.Image:
    """Return the scenes' pictures in rows of `columns`, on white."""
    rows = -(-len(scenes) // columns)
    sheet = np.full((rows * (size + GAP) + GAP, columns * (size + GAP) + GAP, 3), 255, np.uint8)
    for index, scene in enumerate(scenes):
        y, x = (GAP + (size + GAP) * k for k in divmod(index, columns))
        sheet[y : y + size, x : x + size] = render(scene, size)
    return Image.fromarray(sheet)


def default_scenes(setting: WorldSetting = CORE) -> list[Scene]:
    """Return every subject once, one bunny's way from heartbroken to beyond all joy, and random scenes.

    A setting beyond the core also shows each of its places, styles, patterns, relations, items and extras.
    """
    scenes = []
    for index, kind in enumerate(setting.subjects):
        colour = setting.colours[index * 7 % len(setting.colours)]
        thing = Thing(1, kind, colour, look=index)
        thing = dataclasses.replace(thing, mood=3) if thing.has_face else thing
        scenes.append(Scene((thing,), setting.places[index % len(setting.places)], look=index))
    bunny = Thing(1, "bunny", "white", mood=0)
    moods = [dataclasses.replace(bunny, mood=mood) for mood in range(len(MOODS))]
    moods += [dataclasses.replace(bunny, mood=len(MOODS) - 1, joy=joy) for joy in (1, 2, 3)]
    scenes += [Scene((thing,), "meadow", look=5) for thing in moods]
    if setting != CORE:
        scenes += _vocabulary(setting)
    randoms = 8 * (-(-len(scenes) // 8) + 4) - len(scenes)
    return scenes + [random_scene(seed, setting) for seed in range(randoms)]


def _vocabulary(setting: WorldSetting) -> list[Scene]:
    """Return one scene for every place, style, weather, pattern, worn or held item, extra and relation."""
    cat = Thing(1, "cat", "orange", mood=3)
    penguin = Thing(2, "penguin", "blue", mood=2, side="right")
    times, weathers = setting.times, setting.weathers
    scenes = [
        Scene((dataclasses.replace(cat, size="small"),), place, time=times[i % len(times)], framing="wide", look=i)
        for i, place in enumerate(setting.places)
    ]
    scenes += [
        Scene((cat,), setting.places[i * 3 % len(setting.places)], style=s) for i, s in enumerate(setting.styles)
    ]
    scenes += [Scene((cat,), "meadow", time=times[i % len(times)], weather=w) for i, w in enumerate(weathers)]
    scenes += [Scene((dataclasses.replace(cat, pattern=pattern),), "beach") for pattern in setting.patterns]
    scenes += [Scene((dataclasses.replace(cat, worn=(Item(kind, "red"),)),), "room") for kind in setting.worn]
    scenes += [Scene((dataclasses.replace(cat, held=Item(kind, "teal")),), "beach") for kind in setting.held]
    scenes += [Scene((cat,), "mountains", extras=(extra,)) for extra in setting.extras]
    left = dataclasses.replace(cat, side="left")
    scenes += [Scene((left, penguin), "snowfield", relations=(Relation(kind, 1, 2),)) for kind in setting.relations]
    return scenes


def write_sheet(path: Path, setting: WorldSetting = CORE) -> None:
    """Write the default sheet as a PNG file."""
    contact_sheet(default_scenes(setting)).save(path)
