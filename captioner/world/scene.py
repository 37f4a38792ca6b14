"""The scene graph of the picture world: what is in a picture, and nothing of how it is drawn or said.

A `Scene` is a frozen value. Everything else in the picture world is a function of it: the drawing (`draw.py`),
the words (`captions.py`), the changes (`edits.py`) and where things stand (`layout.py`). This module knows no
SVG, no English sentence and no random numbers.
"""

from __future__ import annotations

import dataclasses
import json
import zlib
from dataclasses import dataclass
from typing import Any, Literal

from captioner.errors import WorldError

WORLD_VERSION = 1
"""Stamped into every model trained on the world; raised when a core scene would draw or read differently."""

COLOURS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "black", "white", "grey")
PATTERNS = ("plain", "striped", "spotted", "checked")
MOODS = ("heartbroken", "sad", "calm", "happy", "overjoyed")
"""Degrees of mood, lowest first; a thing's `mood` is an index into this. `joy` counts what lies past the top."""
MAX_JOY = 3
SIZES = ("small", "medium", "large")
SIDES = ("left", "middle", "right")
POSES = ("standing", "waving", "jumping")
TIMES = ("morning", "day", "evening", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow", "fog")
FRAMINGS = ("close", "medium", "wide")
STYLES = ("flat", "watercolour", "pencil", "ink", "pixel art", "oil", "paper cut", "pastel")
WORN = ("hat", "scarf", "glasses", "crown", "bow")
HELD = ("balloon", "flower", "umbrella", "lantern", "flag")
EXTRAS = ("rainbow", "tree", "butterflies", "mushrooms", "kite", "fence")
"""Scenery that can be added to any place and is nobody's property."""

ANIMALS = (
    "bunny", "cat", "dog", "bear", "fox", "owl", "frog", "penguin", "mouse", "pig", "cow", "sheep", "horse",
    "elephant", "giraffe", "lion", "tiger", "monkey", "panda", "koala", "hedgehog", "turtle", "duck", "chick",
    "fish", "whale", "octopus", "snail", "dragon", "unicorn",
)  # fmt: skip
FIGURES = ("robot", "wizard", "astronaut", "pirate", "knight", "princess", "chef", "snowman", "ghost", "alien")
THINGS = (
    "house", "cake", "boat", "teapot", "car", "train", "rocket", "ball", "box", "lamp", "chair", "castle", "gift", "sign",
)  # fmt: skip
SUBJECTS = ANIMALS + FIGURES + THINGS
FACED = frozenset(ANIMALS + FIGURES)
"""Kinds with a face: these have a mood, wear and hold things."""

OUTDOORS = (
    "meadow", "beach", "forest", "desert", "mountains", "city", "snowfield", "garden", "lake", "farm", "jungle",
    "park", "harbour", "rooftop", "playground", "bridge", "volcano", "fairground", "castle yard",
)  # fmt: skip
INDOORS = ("room", "kitchen", "library", "cave", "stage")
PLACES = OUTDOORS + INDOORS

SPATIAL = (
    "left of", "right of", "behind", "in", "on", "under", "covering", "near", "occluded by", "hanging over", "tied to",
)  # fmt: skip
AGENTIVE = ("pushing", "pulling", "touching", "hitting", "kicking", "helping", "hindering")
RELATIONS = SPATIAL + AGENTIVE

Framing = Literal["close", "medium", "wide"]


@dataclass(frozen=True)
class Item:
    """Something worn or held: a kind of `WORN` or `HELD`, in a colour."""

    kind: str
    colour: str


@dataclass(frozen=True)
class Thing:
    """One subject or object (or a group of `count` alike) and all that can be seen of it.

    `id` stays the same through edits. `look` seeds incidental shape (ear length, jitter), so that a thing keeps
    its looks while its attributes change. `mood` and `joy` are None and 0 for kinds without a face.
    """

    id: int
    kind: str
    colour: str
    pattern: str = "plain"
    mood: int | None = None
    joy: int = 0
    size: str = "medium"
    side: str = "middle"
    pose: str = "standing"
    count: int = 1
    worn: tuple[Item, ...] = ()
    held: Item | None = None
    words: str = ""
    look: int = 0

    @property
    def has_face(self) -> bool:
        return self.kind in FACED


@dataclass(frozen=True)
class Relation:
    """`subject` and `obj` are ids of things; reads "subject kind obj", as in "cat on box"."""

    kind: str
    subject: int
    obj: int


@dataclass(frozen=True)
class Scene:
    """A whole picture. `things[0]` is the main subject. `look` seeds the incidental detail of the place."""

    things: tuple[Thing, ...]
    place: str
    time: str = "day"
    weather: str = "clear"
    style: str = "flat"
    framing: str = "medium"
    relations: tuple[Relation, ...] = ()
    extras: tuple[str, ...] = ()
    look: int = 0

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise WorldError("a scene " + "; ".join(problems))

    @property
    def main(self) -> Thing:
        return self.things[0]

    def thing(self, thing_id: int) -> Thing:
        for thing in self.things:
            if thing.id == thing_id:
                return thing
        raise WorldError(f"a scene has no thing with id {thing_id}; it has {[t.id for t in self.things]}")

    def with_thing(self, changed: Thing) -> Scene:
        """Return the scene with the thing of the same id replaced."""
        self.thing(changed.id)
        return dataclasses.replace(self, things=tuple(changed if t.id == changed.id else t for t in self.things))

    def without_thing(self, thing_id: int) -> Scene:
        self.thing(thing_id)
        return dataclasses.replace(
            self,
            things=tuple(t for t in self.things if t.id != thing_id),
            relations=tuple(r for r in self.relations if thing_id not in (r.subject, r.obj)),
        )

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Scene:
        raw: dict[str, Any] = json.loads(text)
        things = tuple(
            Thing(
                **{
                    **thing,
                    "worn": tuple(Item(**item) for item in thing["worn"]),
                    "held": Item(**thing["held"]) if thing["held"] else None,
                }
            )
            for thing in raw["things"]
        )
        relations = tuple(Relation(**relation) for relation in raw["relations"])
        return Scene(**{**raw, "things": things, "relations": relations, "extras": tuple(raw["extras"])})


def _problems(scene: Scene) -> list[str]:
    """Return what is wrong with a scene, in words; empty when it can be drawn."""
    wrong = []
    if not 1 <= len(scene.things) <= 3:
        wrong.append(f"needs 1 to 3 things, got {len(scene.things)}")
    ids = [thing.id for thing in scene.things]
    if len(set(ids)) != len(ids):
        wrong.append(f"needs a different id for each thing, got {ids}")
    checks = [
        ("place", scene.place, PLACES),
        ("time", scene.time, TIMES),
        ("weather", scene.weather, WEATHERS),
        ("style", scene.style, STYLES),
        ("framing", scene.framing, FRAMINGS),
    ]
    checks += [("extra", extra, EXTRAS) for extra in scene.extras]
    for thing in scene.things:
        checks += [
            ("kind", thing.kind, SUBJECTS),
            ("colour", thing.colour, COLOURS),
            ("pattern", thing.pattern, PATTERNS),
            ("size", thing.size, SIZES),
            ("side", thing.side, SIDES),
            ("pose", thing.pose, POSES),
        ]
        checks += [("worn item", item.kind, WORN) for item in thing.worn]
        checks += [("item colour", item.colour, COLOURS) for item in thing.worn]
        if thing.held:
            checks += [("held item", thing.held.kind, HELD), ("item colour", thing.held.colour, COLOURS)]
        if not 1 <= thing.count <= 5:
            wrong.append(f"has counts from 1 to 5, got {thing.count}")
        if thing.has_face and (thing.mood is None or not 0 <= thing.mood < len(MOODS)):
            wrong.append(f"needs a mood from 0 to {len(MOODS) - 1} for its {thing.kind}, got {thing.mood}")
        if not thing.has_face and (thing.mood is not None or thing.joy or thing.worn or thing.held):
            wrong.append(f"cannot give its {thing.kind} a mood or things to wear: it has no face")
        if not 0 <= thing.joy <= MAX_JOY or (thing.joy and thing.mood != len(MOODS) - 1):
            wrong.append(f"has joy from 0 to {MAX_JOY}, past the top mood only, got {thing.joy}")
        if len(thing.words) > 8:
            wrong.append(f"has words of up to 8 letters, got {thing.words!r}")
    wrong += [f"knows no {what} {value!r}" for what, value, known in checks if value not in known]
    for relation in scene.relations:
        if relation.kind not in RELATIONS or not {relation.subject, relation.obj} <= set(ids):
            wrong.append(f"cannot have the relation {relation}")
    return wrong


@dataclass(frozen=True)
class WorldSetting:
    """Which part of the vocabulary scenes are drawn from; the code is the same for all of it."""

    name: str
    subjects: tuple[str, ...]
    places: tuple[str, ...]
    styles: tuple[str, ...]
    colours: tuple[str, ...]
    patterns: tuple[str, ...]
    times: tuple[str, ...]
    weathers: tuple[str, ...]
    worn: tuple[str, ...]
    held: tuple[str, ...]
    extras: tuple[str, ...]
    relations: tuple[str, ...]
    max_count: int
    relation_share: float = 0.5
    """Of the scenes with two things, the share that is meant to have a relation beyond left and right."""


CORE = WorldSetting(
    name="core",
    subjects=("bunny", "cat", "dog", "bear", "fox", "owl", "frog", "penguin", "robot", "wizard", "house", "cake"),
    places=("meadow", "beach", "forest", "desert", "mountains", "city", "snowfield", "room"),
    styles=("flat", "watercolour", "pencil"),
    colours=COLOURS,
    patterns=("plain",),
    times=("day", "evening", "night"),
    weathers=("clear", "rain", "snow"),
    worn=("hat", "scarf", "glasses"),
    held=("balloon", "flower"),
    extras=("rainbow", "tree", "butterflies"),
    relations=("left of", "right of"),
    max_count=3,
)
FULL = WorldSetting(
    name="full",
    subjects=SUBJECTS,
    places=PLACES,
    styles=STYLES,
    colours=COLOURS,
    patterns=PATTERNS,
    times=TIMES,
    weathers=WEATHERS,
    worn=WORN,
    held=HELD,
    extras=EXTRAS,
    relations=RELATIONS,
    max_count=5,
)
RELATED = dataclasses.replace(
    CORE, name="related", relations=tuple(kind for kind in RELATIONS if kind != "behind"), relation_share=0.65
)
"""The core world with the fifteen relations of Conwell and Ullman 2022 (arXiv:2208.00005) between its things."""
SETTINGS = {setting.name: setting for setting in (CORE, RELATED, FULL)}


def is_held_out(scene: Scene) -> bool:
    """Tell whether a scene has a combination that is never trained on (one in 16 of kind and colour)."""
    return any(zlib.crc32(f"{thing.kind}/{thing.colour}".encode()) % 16 == 3 for thing in scene.things)
