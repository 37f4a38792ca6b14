"""The facts of a picture under names that can be compared: as asked (of a scene), and as read (by the judge).

"main kind" is of the main thing, "other …" of the second one. Knows no painter and no pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from captioner.world import words
from captioner.world.scene import Scene
from generation.evaluation.judge import Reading, ThingReading, side_of

Facts = Mapping[str, object]
ROLES = ("main", "other")
FACTS = ("kind", "colour", "mood", "place")
"""What `facts_said` looks for."""


def facts_asked(scene: Scene) -> dict[str, object]:
    """Return every fact of a scene that the judge can read."""
    facts: dict[str, object] = {
        "place": scene.place, "time": scene.time, "weather": scene.weather, "style": scene.style,
        "framing": scene.framing, "extras": frozenset(scene.extras), "things": len(scene.things),
    }  # fmt: skip
    for role, thing in zip(ROLES, scene.things, strict=False):
        items = thing.worn + ((thing.held,) if thing.held else ())
        facts |= {
            f"{role} kind": thing.kind, f"{role} colour": thing.colour, f"{role} mood": thing.mood,
            f"{role} joy": thing.joy, f"{role} size": thing.size, f"{role} count": thing.count,
            f"{role} side": side_of(scene, thing),
            f"{role} items": frozenset((item.kind, item.colour) for item in items),
        }  # fmt: skip
        if not thing.joy:  # joy takes over the pose in the drawing
            facts[f"{role} pose"] = thing.pose
    return facts


def facts_read(reading: Reading, scene: Scene) -> dict[str, object]:
    """Return the facts of a picture that was painted for a scene; where there should be a thing and is none, None.

    One thing alone is looked for wherever it is clearest (to stand aside is not to be another subject); of two, each on
    its own side.
    """
    facts: dict[str, object] = {
        "place": reading.place, "time": reading.time, "weather": reading.weather, "style": reading.style,
        "framing": reading.framing, "extras": frozenset(reading.extras),
        "things": sum(found.kind is not None for found in reading.sides.values()),
    }  # fmt: skip
    for role, thing in zip(ROLES, scene.things, strict=False):
        side = reading.clearest if len(scene.things) == 1 else side_of(scene, thing)
        facts |= {f"{role} {name}": value for name, value in _read_thing(side, reading.sides[side]).items()}
    return facts


def facts_said(text: str, scene: Scene) -> tuple[str, ...]:
    """Return which of `FACTS` about the scene's main thing and its place a text says, by the world's own words."""
    said = f" {''.join(c if c.isalnum() else ' ' for c in text.lower())} "

    def holds(*options: str) -> bool:
        return any(f" {option} " in said for option in options)

    thing = scene.main
    names = (thing.kind, *words.KIND_SYNONYMS.get(thing.kind, ()))
    found = {
        "kind": holds(*names, *(words.plural(name) for name in names)),
        "colour": holds(thing.colour),
        "mood": thing.mood is not None and not thing.joy and holds(*words.MOOD_WORDS[thing.mood]),
        "place": holds(words.PLACE_NAMES[scene.place][1].split(" ", 1)[1]),
    }
    return tuple(fact for fact in FACTS if found[fact])


def changed_facts(before: Facts, after: Facts) -> set[str]:
    """Return the names of the facts that an edit is to bring about; what moves is told by its kind and colour."""
    changed = {name for name, value in after.items() if name not in before or before[name] != value}
    moved = {role for role in ROLES if f"{role} side" in changed}
    return changed | {f"{role} {name}" for role in moved for name in ("kind", "colour")}


def _read_thing(side: str, found: ThingReading) -> dict[str, object]:
    names = ("kind", "colour", "mood", "joy", "size", "count", "pose", "side", "items")
    if found.kind is None:
        return dict.fromkeys(names)
    facts: dict[str, object] = {name: getattr(found, name) for name in names[:-2]}
    return facts | {"side": side, "items": frozenset(found.items.items())}


@dataclass(frozen=True)
class Measure:
    """One question about a painted picture: whether it applies to a scene, and whether the answer is as asked."""

    name: str
    applies: Callable[[Scene], bool]
    is_right: Callable[[Facts, Facts], bool]


def _same(*names: str) -> Callable[[Facts, Facts], bool]:
    return lambda asked, read: all(asked[name] == read[name] for name in names)


def _mood_near(asked: Facts, read: Facts) -> bool:
    wanted, got = asked["main mood"], read["main mood"]
    return isinstance(wanted, int) and isinstance(got, int) and abs(wanted - got) <= 1


def _item_kinds(asked: Facts, read: Facts) -> bool:
    wanted, got = asked["main items"], read["main items"]
    assert isinstance(wanted, frozenset)
    return isinstance(got, frozenset) and {kind for kind, _ in wanted} == {kind for kind, _ in got}


def _always(_: Scene) -> bool:
    return True


def _alone(scene: Scene) -> bool:
    return len(scene.things) == 1 and scene.main.count == 1


def _two(scene: Scene) -> bool:
    return len(scene.things) == 2


def _group(scene: Scene) -> bool:
    return scene.main.count > 1


def _faced(scene: Scene) -> bool:
    return scene.main.has_face


def _with_items(scene: Scene) -> bool:
    return bool(scene.main.worn or scene.main.held)


MEASURES = (
    Measure("subject", _always, _same("main kind")),
    Measure("its colour", _always, _same("main colour")),
    Measure("its mood", _faced, _same("main mood")),
    Measure("its mood, within a degree", _faced, _mood_near),
    Measure("place", _always, _same("place")),
    Measure("subject, colour and place", _always, _same("main kind", "main colour", "place")),
    Measure("one thing: subject", _alone, _same("main kind")),
    Measure("one thing: its colour", _alone, _same("main colour")),
    Measure("two things: main subject", _two, _same("main kind")),
    Measure("two things: its colour", _two, _same("main colour")),
    Measure("two things: each on its side", _two, _same("main kind", "other kind")),
    Measure(
        "two things: both, in their colours", _two, _same("main kind", "main colour", "other kind", "other colour")
    ),
    Measure("group: subject", _group, _same("main kind")),
    Measure("group: its colour", _group, _same("main colour")),
    Measure("group: how many", _group, _same("main count")),
    Measure("time of day", _always, _same("time")),
    Measure("weather", _always, _same("weather")),
    Measure("style", _always, _same("style")),
    Measure("things worn or held", _with_items, _item_kinds),
    Measure("and in their colours", _with_items, _same("main items")),
)
"""What is asked of every painted picture, in the order of the report."""
