"""What a change is, and the choices every kind of change needs: whom it is about, and another value than the present.

The kinds themselves are in `changes_thing.py` and `changes_scene.py`; how they are asked for is in `phrasings.py`.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from captioner.world import words
from captioner.world.captions import name_of
from captioner.world.layout import layout
from captioner.world.scene import Item, Scene, Thing

T = TypeVar("T")
MAIN_SHARE = 0.8
WHOLE = "the whole picture"
BACKGROUND = "the background"
SKY = "the sky"
PARTS = frozenset({"face", "head", "neck", "hand"})
"""Of a group, there are several of these."""


@dataclass(frozen=True)
class Change:
    """A changed scene, the change as one canonical clause, the region it is in, and the slots of its phrasings.

    `target` is the id of the thing it is about; None when it is about the whole scene.
    """

    after: Scene
    clause: str
    region: str
    slots: dict[str, str] = field(default_factory=dict)
    target: int | None = None


def choose_thing(scene: Scene, rng: random.Random, wanted: Callable[[Thing], bool]) -> Thing | None:
    """Return a thing that can be changed so, most often the main one; None when there is none."""
    fit = [thing for thing in scene.things if wanted(thing)]
    if not fit:
        return None
    if fit[0].id == scene.main.id and rng.random() < MAIN_SHARE:
        return fit[0]
    return rng.choice(fit)


def other_than(rng: random.Random, options: Iterable[T], *present: T) -> T | None:
    left = [option for option in options if option not in present]
    return rng.choice(left) if left else None


def change_thing(
    scene: Scene, thing: Thing, clause: str, part: str = "", slots: dict[str, str] | None = None, **attributes: object
) -> Change:
    """Return the change of some attributes of one thing; `{thing}` in the clause is its name, `part` such as "face"."""
    name = name_of(scene, thing)
    changed = dataclasses.replace(thing, **attributes)  # type: ignore[arg-type]
    if thing.count > 1 and part in PARTS:
        part += "s"
    region = f"{owner(name, thing.count)} {part}" if part else name
    return Change(scene.with_thing(changed), clause.replace("{thing}", name), region, slots or {}, thing.id)


def is_seen(before: Scene, after: Scene) -> bool:
    """Tell whether a change of size can be seen: things that fill their room do not grow."""
    return layout(before) != layout(after)


def owner(name: str, count: int) -> str:
    """Return "the bunny's", "the bunnies'"."""
    return name + ("'" if count > 1 and name.endswith("s") else "'s")


def item_slots(item: Item, count: int = 1) -> dict[str, str]:
    """Return the slots of a worn or held thing."""
    if count > 1:
        kinds = words.plural(item.kind)
        return {
            "item": f"{item.colour} {kinds}",
            "an_item": f"{item.colour} {kinds}",
            "items": kinds,
            "colour": item.colour,
        }
    named = words.item_words(item.kind, item.colour)
    return {"item": f"{item.colour} {item.kind}", "an_item": named, "items": item.kind, "colour": item.colour}
