"""Changes of one thing: mood, colour, pattern, size, pose, side, count, kind, words, what is worn and held.

Each is a function (scene, rng, setting) -> Change, or None when the scene gives no occasion for it.
"""

from __future__ import annotations

import dataclasses
import random

from captioner.world import words
from captioner.world.captions import name_of
from captioner.world.changes import Change, change_thing, choose_thing, is_seen, item_slots, other_than, owner
from captioner.world.sample import SIGN_WORDS
from captioner.world.scene import FACED, MAX_JOY, MOODS, SIZES, Item, Scene, Thing, WorldSetting

TOP = len(MOODS) - 1
MOOD_CLAUSES = {-1: "make {thing} sadder", 1: "make {thing} happier", 2: "make {thing} much happier"}
HEAD_WEAR = frozenset({"hat", "crown"})
WEAR_PARTS = {"hat": "head", "crown": "head", "bow": "head", "glasses": "eyes", "scarf": "neck"}


def mood_steps(thing: Thing, steps: int) -> tuple[int, int]:
    """Return mood and joy some degrees up or down; joy goes on where mood ends, and both stop at their ends."""
    assert thing.mood is not None
    degree = min(max(thing.mood + thing.joy + steps, 0), TOP + MAX_JOY)
    return min(degree, TOP), max(degree - TOP, 0)


def mood_step(scene: Scene, thing: Thing | None, steps: int) -> Change | None:
    """Return the thing happier or sadder by some degrees; None at the end of the scale."""
    if thing is None or thing.mood is None:
        return None
    mood, joy = mood_steps(thing, steps)
    if mood + joy != thing.mood + thing.joy + steps:
        return None
    clause = MOOD_CLAUSES[min(max(steps, -1), 2)]
    region = "face" if not (joy or thing.joy) else ""  # with joy comes the leap, sunbeams and flowers
    change = change_thing(scene, thing, clause, region, mood=mood, joy=joy)
    if joy >= 2 or thing.joy >= 2:
        return dataclasses.replace(change, region=f"{change.region} and the space around")
    return change


def mood_up(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.has_face and t.joy < MAX_JOY)
    return mood_step(scene, thing, 1)


def mood_up_lots(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(
        scene, rng, lambda t: t.has_face and t.mood is not None and t.mood + t.joy + 2 <= TOP + MAX_JOY
    )
    return mood_step(scene, thing, 2)


def mood_down(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: bool(t.mood))
    return mood_step(scene, thing, -1)


def set_mood(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.has_face)
    if thing is None or thing.mood is None:
        return None
    mood = other_than(rng, range(len(MOODS)), thing.mood)
    assert mood is not None
    word = rng.choice(words.MOOD_SAID[mood])
    clause = f"make {{thing}} {MOODS[mood]}"
    return change_thing(scene, thing, clause, "" if thing.joy else "face", {"mood": word}, mood=mood, joy=0)


def recolour(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda _: True)
    colour = other_than(rng, setting.colours, thing.colour) if thing else None
    if thing is None or colour is None:
        return None
    slots = {"colour": colour, "old_colour": thing.colour}
    return change_thing(scene, thing, f"make {{thing}} {colour}", "", slots, colour=colour)


def replace_subject(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    """Another kind in its place; what needs a face goes with the face, and a new face is calm."""
    thing = choose_thing(scene, rng, lambda _: True)
    if thing is None:
        return None
    alike = [s for s in setting.subjects if (s in FACED) == thing.has_face]
    # A sign goes without a crowd: it has one word on it.
    kind = other_than(
        rng, alike if rng.random() < 0.8 else setting.subjects, thing.kind, *(["sign"] if thing.count > 1 else [])
    )
    if kind is None:
        return None
    said = f"{words.NUMBERS[thing.count]} {words.plural(kind)}" if thing.count > 1 else words.article(kind)
    said_words = rng.choice(SIGN_WORDS) if kind == "sign" else ""
    rest: dict[str, object] = {"words": said_words}
    if kind not in FACED:
        rest |= {"mood": None, "joy": 0, "worn": (), "held": None, "pose": "standing"}
    elif not thing.has_face:
        rest |= {"mood": MOODS.index("calm")}
    clause = f"replace {{thing}} with {said}"
    if said_words:
        said = clause_words = f'a sign that says "{said_words}"'
        clause = f"replace {{thing}} with {clause_words}"
    return change_thing(
        scene, thing, clause, "", {"a_kind": said, "new_kind": said.split(" ", 1)[1]}, kind=kind, **rest
    )


def add_worn(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.has_face and len(t.worn) < 2)
    if thing is None:
        return None
    worn = {item.kind for item in thing.worn}
    kind = other_than(rng, setting.worn, *worn, *(HEAD_WEAR if worn & HEAD_WEAR else ()))
    if kind is None:
        return None
    item = Item(kind, rng.choice(setting.colours))
    slots = item_slots(item, thing.count)
    after = tuple(sorted((*thing.worn, item), key=lambda i: i.kind))  # the order that scenes are drawn in
    return change_thing(scene, thing, f"give {{thing}} {slots['an_item']}", WEAR_PARTS[kind], slots, worn=after)


def remove_worn(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: bool(t.worn))
    if thing is None:
        return None
    item = rng.choice(thing.worn)
    slots = item_slots(item, thing.count)
    after = tuple(i for i in thing.worn if i != item)
    return change_thing(scene, thing, f"take the {slots['items']} off {{thing}}", slots["items"], slots, worn=after)


def recolour_worn(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: bool(t.worn))
    if thing is None:
        return None
    item = rng.choice(thing.worn)
    colour = other_than(rng, setting.colours, item.colour)
    if colour is None:
        return None
    new = Item(item.kind, colour)
    slots = item_slots(new, thing.count)
    after = tuple(new if i == item else i for i in thing.worn)
    clause = f"make {owner(name_of(scene, thing), thing.count)} {slots['items']} {colour}"
    return change_thing(scene, thing, clause, slots["items"], slots, worn=after)


def add_held(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.has_face and t.held is None)
    if thing is None:
        return None
    item = Item(rng.choice(setting.held), rng.choice(setting.colours))
    slots = item_slots(item, thing.count)
    return change_thing(scene, thing, f"give {{thing}} {slots['an_item']} to hold", "hand", slots, held=item)


def remove_held(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.held is not None)
    if thing is None or thing.held is None:
        return None
    slots = item_slots(thing.held, thing.count)
    clause = f"take the {slots['items']} away from {{thing}}"
    return change_thing(scene, thing, clause, slots["items"], slots, held=None)


def replace_held(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.held is not None)
    if thing is None or thing.held is None:
        return None
    kind = other_than(rng, setting.held, thing.held.kind)
    if kind is None:
        return None
    old = item_slots(thing.held, thing.count)["items"]
    item = Item(kind, rng.choice(setting.colours))
    slots = item_slots(item, thing.count) | {"items": old}
    clause = f"swap {owner(name_of(scene, thing), thing.count)} {old} for {slots['an_item']}"
    return change_thing(scene, thing, clause, old, slots, held=item)


def recolour_held(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.held is not None)
    if thing is None or thing.held is None:
        return None
    colour = other_than(rng, setting.colours, thing.held.colour)
    if colour is None:
        return None
    item = Item(thing.held.kind, colour)
    slots = item_slots(item, thing.count)
    clause = f"make {owner(name_of(scene, thing), thing.count)} {slots['items']} {colour}"
    return change_thing(scene, thing, clause, slots["items"], slots, held=item)


def size_step(scene: Scene, thing: Thing | None, step: int) -> Change | None:
    """Return the thing a size bigger or smaller; None for one that fills its room already."""
    if thing is None or thing.count > 1 or not 0 <= (size := SIZES.index(thing.size) + step) < len(SIZES):
        return None
    change = change_thing(scene, thing, f"make {{thing}} {'bigger' if step > 0 else 'smaller'}", size=SIZES[size])
    return change if is_seen(scene, change.after) else None


def bigger(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return size_step(scene, choose_thing(scene, rng, lambda t: size_step(scene, t, 1) is not None), 1)


def smaller(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return size_step(scene, choose_thing(scene, rng, lambda t: size_step(scene, t, -1) is not None), -1)


def _pose(scene: Scene, rng: random.Random, pose: str, clause: str) -> Change | None:
    """Joy takes over the pose, so only a thing without it can change its pose."""
    thing = choose_thing(scene, rng, lambda t: t.has_face and not t.joy and t.pose != pose)
    if thing is None or (pose == "standing" and thing.kind in words.NO_LEGS):
        return None
    return change_thing(scene, thing, clause, slots={"old_pose": thing.pose}, pose=pose)


def pose_jump(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return _pose(scene, rng, "jumping", "make {thing} jump")


def pose_wave(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return _pose(scene, rng, "waving", "make {thing} wave")


def pose_stand(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return _pose(scene, rng, "standing", "make {thing} stand still")


def pattern_add(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.pattern == "plain")
    pattern = other_than(rng, setting.patterns, "plain") if thing else None
    if thing is None or pattern is None:
        return None
    slots = {"pattern": pattern, "pattern_noun": words.PATTERN_NOUNS[pattern]}
    return change_thing(scene, thing, f"make {{thing}} {pattern}", slots=slots, pattern=pattern)


def pattern_remove(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: t.pattern != "plain")
    if thing is None:
        return None
    slots = {"pattern": thing.pattern, "pattern_noun": words.PATTERN_NOUNS[thing.pattern]}
    return change_thing(scene, thing, "make {thing} plain", slots=slots, pattern="plain")


def sign_words(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    thing = choose_thing(scene, rng, lambda t: bool(t.words))
    new = other_than(rng, SIGN_WORDS, thing.words) if thing else None
    if thing is None or new is None:
        return None
    return change_thing(scene, thing, f'make {{thing}} say "{new}"', "words", {"words": new}, words=new)
