"""Changes of the whole scene: place, time, weather, style, framing, extras, and which things there are and where.

Each is a function (scene, rng, setting) -> Change, or None when the scene gives no occasion for it.
"""

from __future__ import annotations

import dataclasses
import random

from captioner.world import words
from captioner.world.captions import name_of
from captioner.world.changes import BACKGROUND, SKY, WHOLE, Change, change_thing, choose_thing, other_than
from captioner.world.sample import random_thing
from captioner.world.scene import INDOORS, MOODS, Relation, Scene, WorldSetting

FRAMINGS_IN = ("wide", "medium", "close")
MIRROR = {"left": "right", "right": "left", "left of": "right of", "right of": "left of"}


def place(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    """Another place; indoors there is no weather and no scenery, so these go."""
    new = other_than(rng, setting.places, scene.place)
    if new is None:
        return None
    preposition, noun = words.PLACE_NAMES[new]
    inside = new in INDOORS
    weather, extras = ("clear", ()) if inside else (scene.weather, scene.extras)
    after = dataclasses.replace(scene, place=new, weather=weather, extras=extras)
    slots = {"place": new, "a_place": noun, "in_place": f"{preposition} {noun}"}
    return Change(after, f"change the place to {noun}", BACKGROUND, slots)


def time(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    new = other_than(rng, setting.times, scene.time)
    if new is None:
        return None
    slots = {"time": rng.choice(words.TIME_SAID[new]), "at_time": rng.choice(words.TIME_AT[new])}
    region = BACKGROUND if scene.place in INDOORS else "the sky and the light"
    return Change(dataclasses.replace(scene, time=new), f"make it {words.TIME_SAID[new][0]}", region, slots)


def weather(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    new = other_than(rng, setting.weathers, scene.weather, "clear")
    if new is None or scene.place in INDOORS:
        return None
    slots = {"weather": words.WEATHER_NOUNS[new], "weathery": rng.choice(words.WEATHER_ADJECTIVES[new])}
    after = dataclasses.replace(scene, weather=new)
    return Change(after, f"add {words.WEATHER_NOUNS[new]}", SKY, slots)


def weather_clear(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    if scene.weather == "clear":
        return None
    noun = words.WEATHER_NOUNS[scene.weather]
    slots = {"weather": noun, "weathery": rng.choice(words.WEATHER_ADJECTIVES[scene.weather])}
    return Change(dataclasses.replace(scene, weather="clear"), f"remove the {noun}", SKY, slots)


def style(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    new = other_than(rng, setting.styles, scene.style)
    if new is None:
        return None
    slots = {"style": rng.choice(words.STYLE_SAID[new]), "a_style": rng.choice(words.STYLE_WORDS[new])}
    return Change(
        dataclasses.replace(scene, style=new), f"change the style to {words.STYLE_SAID[new][0]}", WHOLE, slots
    )


def framing_step(scene: Scene, step: int) -> Change | None:
    clause = "show it from closer" if step > 0 else "show it from further away"
    at = FRAMINGS_IN.index(scene.framing) + step
    if not 0 <= at < len(FRAMINGS_IN):
        return None
    return Change(dataclasses.replace(scene, framing=FRAMINGS_IN[at]), clause, WHOLE)


def closer(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return framing_step(scene, 1)


def wider(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return framing_step(scene, -1)


def add_extra(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    new = other_than(rng, setting.extras, *scene.extras)
    if new is None or scene.place in INDOORS or len(scene.extras) >= 2:
        return None
    said = words.EXTRA_WORDS[new][0]
    after = dataclasses.replace(scene, extras=(*scene.extras, new))
    return Change(after, f"add {said}", SKY if new == "rainbow" else BACKGROUND, {"an_extra": said})


def remove_extra(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    if not scene.extras:
        return None
    old = rng.choice(scene.extras)
    after = dataclasses.replace(scene, extras=tuple(e for e in scene.extras if e != old))
    return Change(after, f"remove the {old}", f"the {old}", {"extra": old})


def add_thing(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    """A second thing on the free side; one in the middle leaves no room, and would have to move."""
    main = scene.main
    if len(scene.things) > 1 or main.side == "middle" or main.count > 1:
        return None
    kind = other_than(rng, setting.subjects, main.kind)
    if kind is None:
        return None
    side = MIRROR[main.side]
    drawn = random_thing(rng, setting, kind, thing_id=main.id + 1)
    mood = None if drawn.mood is None else rng.choice((MOODS.index("calm"), MOODS.index("happy")))
    thing = dataclasses.replace(drawn, side=side, mood=mood, joy=0, worn=(), held=None, pose="standing", size="medium")
    thing = dataclasses.replace(thing, pattern="plain")
    said = words.article(f"{thing.colour} {thing.kind}")
    if thing.words:
        said += f' that says "{thing.words}"'
    after = dataclasses.replace(
        scene, things=(main, thing), relations=(*scene.relations, Relation(f"{main.side} of", main.id, thing.id))
    )
    return Change(
        after, f"add {said} on the {side}", f"the space on the {side}", {"a_new": said, "side": side}, main.id
    )


def remove_thing(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    if len(scene.things) < 2:
        return None
    thing = choose_thing(scene, rng, lambda t: t.id != scene.main.id) if rng.random() < 0.8 else scene.main
    if thing is None:
        return None
    name = name_of(scene, thing)
    return Change(
        scene.without_thing(thing.id), f"remove {name}", name, {"old_kind": name.removeprefix("the ")}, thing.id
    )


def move(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    """One thing goes left, right or to the middle; of two, side by side, they swap sides."""
    thing = choose_thing(scene, rng, lambda _: True)
    if thing is None or any(t.count > 1 for t in scene.things):
        return None
    if len(scene.things) == 1:
        side = other_than(rng, ("left", "middle", "right"), thing.side)
        assert side is not None
        clause = f"move {{thing}} to the {side}"
        change = change_thing(scene, thing, clause, slots={"side": side}, side=side)
        there = "in the middle" if side == "middle" else f"on the {side}"
        return dataclasses.replace(change, region=f"{change.region} and the space {there}")
    beside = all(r.kind in MIRROR for r in scene.relations) and all(t.side in MIRROR for t in scene.things)
    if len(scene.things) > 2 or not beside:
        return None
    side = MIRROR[thing.side]
    things = tuple(dataclasses.replace(t, side=MIRROR[t.side]) for t in scene.things)
    relations = tuple(dataclasses.replace(r, kind=MIRROR[r.kind]) for r in scene.relations)
    after = dataclasses.replace(scene, things=things, relations=relations)
    return Change(after, f"move {name_of(scene, thing)} to the {side}", WHOLE, {"side": side}, thing.id)


def _count(scene: Scene, count: int, clause: str) -> Change | None:
    """Groups stand in the middle of a picture of their own: there is no room for them at a side."""
    thing = scene.main
    if len(scene.things) > 1 or thing.words or count == thing.count:
        return None
    plural = words.plural(thing.kind)
    slots = {
        "number": words.NUMBERS[count],
        "kinds": plural if count > 1 else thing.kind,
        "kinds_now": plural if thing.count > 1 else thing.kind,
    }
    side = "middle" if count > 1 else thing.side
    return change_thing(
        scene, thing, clause.format(count=words.NUMBERS[count], **slots), slots=slots, count=count, side=side
    )


def count_step(scene: Scene, step: int, setting: WorldSetting) -> Change | None:
    new = scene.main.count + step
    return _count(scene, new, "make it {count} {kinds}") if 1 <= new <= setting.max_count else None


def count_up(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return count_step(scene, 1, setting)


def count_down(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return count_step(scene, -1, setting)


def count_set(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    new = other_than(rng, range(2, setting.max_count + 1), scene.main.count)
    return None if new is None else _count(scene, new, "make it {count} {kinds}")


def just_one(scene: Scene, rng: random.Random, setting: WorldSetting) -> Change | None:
    return _count(scene, 1, "make it just one {kinds}") if scene.main.count > 1 else None
