"""Edits: a change of a scene together with how a person asks for it, as training and test pairs for edit and rewrite.

`random_edit` is the way in. Phrasings come in two fixed slices; the held-out one is never trained on. Nor are scenes
with a held-out combination: no training edit leads to one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from captioner.errors import WorldError
from captioner.world import changes_scene, changes_thing, phrasings
from captioner.world.asking import ask, ask_both
from captioner.world.changes import Change
from captioner.world.scene import CORE, Scene, Thing, WorldSetting, is_held_out

Apply = Callable[[Scene, random.Random, WorldSetting], Change | None]


@dataclass(frozen=True)
class Edit:
    """One step of a conversation about a picture.

    `change` is the canonical clause ("make the bunny happier"), `region` where it happens, in words, `slots` the values
    its instruction was filled with, and `target` the id of the thing it is about, if it is about one.
    """

    kind: str
    before: Scene
    after: Scene
    instruction: str
    change: str
    region: str
    slots: dict[str, str] = field(default_factory=dict)
    target: int | None = None


@dataclass(frozen=True)
class EditKind:
    """A kind of edit: how it changes a scene, and which kinds go on in its direction or back by a degree.

    `apply` is None for the kinds that follow an earlier edit ("more", "less", "undo").
    """

    name: str
    apply: Apply | None = None
    again: str = ""
    opposite: str = ""

    def phrasings(self, held_out: bool = False) -> tuple[str, ...]:
        return phrasings.slice_of(self.name, held_out)


_GRADED = {
    "mood_up": ("mood_up", "mood_down"), "mood_up_lots": ("mood_up", "mood_down"),
    "mood_down": ("mood_down", "mood_up"), "bigger": ("bigger", "smaller"), "smaller": ("smaller", "bigger"),
    "count_up": ("count_up", "count_down"), "count_down": ("count_down", "count_up"), "closer": ("closer", "wider"),
    "wider": ("wider", "closer"),
}  # fmt: skip
_STEPS: dict[str, Callable[[Scene, Thing | None, WorldSetting], Change | None]] = {
    "mood_up": lambda scene, thing, _: changes_thing.mood_step(scene, thing, 1),
    "mood_down": lambda scene, thing, _: changes_thing.mood_step(scene, thing, -1),
    "bigger": lambda scene, thing, _: changes_thing.size_step(scene, thing, 1),
    "smaller": lambda scene, thing, _: changes_thing.size_step(scene, thing, -1),
    "closer": lambda scene, _, __: changes_scene.framing_step(scene, 1),
    "wider": lambda scene, _, __: changes_scene.framing_step(scene, -1),
    "count_up": lambda scene, _, setting: changes_scene.count_step(scene, 1, setting),
    "count_down": lambda scene, _, setting: changes_scene.count_step(scene, -1, setting),
}
_THING_KINDS = (
    "mood_up", "mood_up_lots", "mood_down", "set_mood", "recolour", "replace_subject", "add_worn", "remove_worn",
    "recolour_worn", "add_held", "remove_held", "replace_held", "recolour_held", "bigger", "smaller", "pose_jump",
    "pose_wave", "pose_stand", "pattern_add", "pattern_remove", "sign_words",
)  # fmt: skip
_SCENE_KINDS = (
    "place", "time", "weather", "weather_clear", "style", "closer", "wider", "add_extra", "remove_extra", "add_thing",
    "remove_thing", "move", "count_up", "count_down", "count_set", "just_one",
)  # fmt: skip
FOLLOWING = ("more", "less", "undo")
EDITS: dict[str, EditKind] = {
    **{name: EditKind(name, getattr(changes_thing, name), *_GRADED.get(name, ())) for name in _THING_KINDS},
    **{name: EditKind(name, getattr(changes_scene, name), *_GRADED.get(name, ())) for name in _SCENE_KINDS},
    **{name: EditKind(name) for name in FOLLOWING},
}
_ATTRIBUTES = {
    "recolour": "colour", "replace_subject": "subject", "place": "place", "time": "time of day", "weather": "weather",
    "weather_clear": "weather", "style": "style", "closer": "view", "wider": "view", "bigger": "size",
    "smaller": "size", "mood_up": "mood", "mood_up_lots": "mood", "mood_down": "mood", "set_mood": "mood",
    "pose_jump": "pose", "pose_wave": "pose", "pose_stand": "pose", "pattern_add": "pattern",
    "pattern_remove": "pattern", "move": "position", "sign_words": "words",
}  # fmt: skip


def random_edit(
    scene: Scene,
    rng: random.Random,
    setting: WorldSetting = CORE,
    kinds: Iterable[str] | None = None,
    *,
    previous: Edit | None = None,
    held_out: bool = False,
) -> Edit:
    """Return an edit of the scene, of a kind drawn evenly among those that apply.

    Args:
        scene: what the edit starts from.
        rng: decides everything; the same state gives the same edit.
        setting: the vocabulary of new values.
        kinds: names of `EDITS` to draw from; None for all.
        previous: the edit that led to `scene`; "more", "less" and "undo" are about it and apply only with it.
        held_out: ask in the phrasings that are never trained on, and only in those.

    Raises:
        WorldError: none of the kinds applies, or a kind is unknown.
    """
    names = list(EDITS if kinds is None else kinds)
    if unknown := set(names) - set(EDITS):
        raise WorldError(f"there is no kind of edit {sorted(unknown)}; the kinds are {sorted(EDITS)}")
    for name in rng.sample(names, len(names)):
        change = apply_kind(name, scene, rng, setting, previous)
        if change is None or change.after == scene:
            continue
        if not held_out and is_held_out(change.after) and not is_held_out(scene):
            continue
        instruction = ask(name, scene, change, rng, held_out)
        if instruction is not None:
            return Edit(
                name, scene, change.after, instruction, change.clause, change.region, change.slots, change.target
            )
    raise WorldError(f"none of the edits {names} applies to the scene {scene.to_json()}")


OF_ONE = (*_THING_KINDS, "remove_thing")
"""Kinds that change one thing of a scene and leave every other as it is."""
OF_ONE_DRAWS = 12
"""Draws of a kind before another one is tried: changes are about the main thing nine times in ten."""


def edit_of(
    scene: Scene, thing_id: int, rng: random.Random, setting: WorldSetting = CORE, *, held_out: bool = False
) -> Edit | None:
    """Return an edit that is about one thing of the scene and no other, all kinds alike; None where none was drawn."""
    for name in rng.sample(OF_ONE, len(OF_ONE)):
        for _ in range(OF_ONE_DRAWS):
            with contextlib.suppress(WorldError):  # this draw does not apply
                edit = random_edit(scene, rng, setting, (name,), held_out=held_out)
                if edit.target == thing_id:
                    return edit
    return None


PAIRABLE = (
    "place", "mood_up", "set_mood", "recolour", "add_worn", "add_held", "time", "weather", "style", "add_extra",
    "closer",
)  # fmt: skip
"""Kinds that go together in one request; a place comes first, since indoors there is no weather."""


def random_pair(
    scene: Scene, rng: random.Random, setting: WorldSetting = CORE, *, held_out: bool = False
) -> Edit | None:
    """Return two changes in one request ("make it night and add snow"), or None where the draw does not fit the scene.

    Its kind is both names with a plus between.
    """
    first, second = sorted(rng.sample(PAIRABLE, 2), key=PAIRABLE.index)
    if {first, second} == {"mood_up", "set_mood"}:
        return None
    one = apply_kind(first, scene, rng, setting)
    two = one and apply_kind(second, one.after, rng, setting)
    if not one or not two or (not held_out and is_held_out(two.after) and not is_held_out(scene)):
        return None
    instruction = ask_both((first, second), scene, (one, two), rng, held_out)
    if instruction is None:
        return None
    regions = one.region if one.region == two.region else f"{one.region} and {two.region}"
    target = one.target if two.target is None else two.target
    clause = f"{one.clause} and {two.clause}"
    return Edit(f"{first}+{second}", scene, two.after, instruction, clause, regions, one.slots | two.slots, target)


def apply_kind(
    name: str, scene: Scene, rng: random.Random, setting: WorldSetting, previous: Edit | None = None
) -> Change | None:
    """Return the change of a kind of edit, without an instruction; None when it does not apply."""
    kind = EDITS[name]
    if kind.apply is not None:
        return kind.apply(scene, rng, setting)
    return _following(name, scene, setting, previous) if previous else None


def _following(name: str, scene: Scene, setting: WorldSetting, previous: Edit) -> Change | None:
    if name == "undo":
        after = reverted(scene, previous)
        attribute = _ATTRIBUTES.get(previous.kind, "picture")
        clause = f"undo the last change: {previous.change}"
        if after is None:
            return None
        return Change(after, clause, previous.region, {"attribute": attribute}, previous.target)
    kind = EDITS[previous.slots.get("direction", previous.kind)]
    direction = kind.again if name == "more" else kind.opposite
    if not direction:
        return None
    thing = next((t for t in scene.things if t.id == previous.target), None)  # the same thing again
    change = _STEPS[direction](scene, thing, setting)
    return change and dataclasses.replace(change, slots=change.slots | {"direction": direction})


def reverted(scene: Scene, edit: Edit) -> Scene | None:
    """Return the scene with what the edit changed put back, and what was changed since left as it is.

    None where that makes no valid scene, as when a thing has been taken out since.
    """
    before, after = edit.before, edit.after
    if scene == after:
        return before
    fields = [f.name for f in dataclasses.fields(Scene) if f.name not in ("things", "relations")]
    changed = {name: getattr(before, name) for name in fields if getattr(before, name) != getattr(after, name)}
    things = []
    if [t.id for t in before.things] != [t.id for t in after.things] or [t.id for t in scene.things] != [
        t.id for t in after.things
    ]:
        return None
    for old, new, now in zip(before.things, after.things, scene.things, strict=True):
        names = [f.name for f in dataclasses.fields(Thing) if getattr(old, f.name) != getattr(new, f.name)]
        things.append(dataclasses.replace(now, **{name: getattr(old, name) for name in names}))
    relations = before.relations if before.relations != after.relations else scene.relations
    try:
        return dataclasses.replace(scene, things=tuple(things), relations=relations, **changed)
    except WorldError:
        return None
