"""Random scenes by seed, for training and for evaluation. Knows no drawing and no words."""

from __future__ import annotations

import dataclasses
import random

from captioner.world.scene import (
    AGENTIVE,
    CORE,
    FACED,
    INDOORS,
    MAX_JOY,
    MOODS,
    SIZES,
    Item,
    Relation,
    Scene,
    Thing,
    WorldSetting,
    is_held_out,
)

HELD_OUT_SEED = 1_000_000_000
"""Seeds from here on are for evaluation only."""
SURELY_FACED = 0.35
"""The share of scenes whose main subject is drawn from those with a face alone."""
SIGN_WORDS = (
    "HELLO", "OPEN", "HOME", "LOVE", "ZOO", "CAFE", "STOP", "PARTY", "BAKERY", "WELCOME", "LIMNER", "MAGIC", "MOON",
    "PICNIC", "MUSIC", "BOOKS", "SALE", "EXIT", "JOY", "STARS",
)  # fmt: skip


def random_scene(seed: int, setting: WorldSetting = CORE) -> Scene:
    """Return the scene of a training seed; scenes with a held-out combination are never among them.

    Raises:
        ValueError: the seed is one of the evaluation's.
    """
    if not 0 <= seed < HELD_OUT_SEED:
        raise ValueError(f"training seeds run from 0 to {HELD_OUT_SEED - 1}; got {seed}")
    rng = random.Random(f"limner-scene-{seed}")
    while is_held_out(scene := draw_scene(rng, setting)):
        pass
    return scene


def held_out_scene(index: int, setting: WorldSetting = CORE) -> Scene:
    """Return evaluation scene `index`: every second one has a combination that training never sees."""
    rng = random.Random(f"limner-scene-{HELD_OUT_SEED + index}")
    while is_held_out(scene := draw_scene(rng, setting)) != bool(index % 2):
        pass
    return scene


def draw_scene(rng: random.Random, setting: WorldSetting) -> Scene:
    """Return any scene of the setting, held out or not."""
    kind = rng.choices(("one", "two", "group"), (0.62, 0.26, 0.12))[0]
    faced = [subject for subject in setting.subjects if subject in FACED]
    main_kind = rng.choice(faced if rng.random() < SURELY_FACED else setting.subjects)
    main = random_thing(rng, setting, main_kind, thing_id=1)
    things = [main]
    relations: list[Relation] = []
    if kind == "group" and main.kind != "sign":
        things = [dataclasses.replace(main, count=rng.randint(2, setting.max_count), side="middle", size="small")]
    elif kind == "two":
        other = random_thing(rng, setting, rng.choice(setting.subjects), thing_id=2)
        left_first = rng.random() < 0.5
        sides = ("left", "right") if left_first else ("right", "left")
        things = [dataclasses.replace(main, side=sides[0]), dataclasses.replace(other, side=sides[1])]
        agentive = [relation for relation in setting.relations if relation in AGENTIVE]
        choices = [r for r in setting.relations if r not in ("left of", "right of")]
        if choices and rng.random() < setting.relation_share:
            relation = rng.choice(choices)
            if relation not in agentive or (main.kind in FACED):
                relations.append(Relation(relation, 1, 2))
        if not relations:
            relations.append(Relation("left of" if left_first else "right of", 1, 2))
    place = rng.choice(setting.places)
    weather = "clear" if place in INDOORS or rng.random() < 0.55 else rng.choice(setting.weathers)
    return Scene(
        things=tuple(things),
        place=place,
        time="day" if rng.random() < 0.4 else rng.choice(setting.times),
        weather=weather,
        style=rng.choice(setting.styles),
        framing="medium" if rng.random() < 0.5 else rng.choice(("close", "wide")),
        relations=tuple(relations),
        extras=(rng.choice(setting.extras),) if place not in INDOORS and rng.random() < 0.25 else (),
        look=rng.randrange(1 << 30),
    )


def random_thing(rng: random.Random, setting: WorldSetting, kind: str, thing_id: int) -> Thing:
    """Return a thing of a kind with everything else about it drawn at random."""
    faced = kind in FACED
    mood = rng.randrange(len(MOODS)) if faced else None
    return Thing(
        id=thing_id,
        kind=kind,
        colour=rng.choice(setting.colours),
        pattern="plain" if rng.random() < 0.7 else rng.choice(setting.patterns),
        mood=mood,
        joy=rng.randint(0, MAX_JOY) if mood == len(MOODS) - 1 and rng.random() < 0.5 else 0,
        size="medium" if rng.random() < 0.6 else rng.choice(SIZES),
        side="middle" if rng.random() < 0.6 else rng.choice(("left", "right")),
        pose="standing" if not faced or rng.random() < 0.75 else rng.choice(("waving", "jumping")),
        worn=random_items(rng, setting) if faced else (),
        held=random_held(rng, setting) if faced and rng.random() < 0.25 else None,
        words=rng.choice(SIGN_WORDS) if kind == "sign" else "",
        look=rng.randrange(1 << 30),
    )


def random_items(rng: random.Random, setting: WorldSetting) -> tuple[Item, ...]:
    """Return nothing worn (6 in 10), one thing, or two."""
    number = rng.choices((0, 1, 2), (0.6, 0.32, 0.08))[0]
    kinds = sorted(rng.sample(setting.worn, number))
    if {"hat", "crown"} <= set(kinds):  # one head
        kinds.remove("crown")
    return tuple(Item(kind, rng.choice(setting.colours)) for kind in kinds)


def random_held(rng: random.Random, setting: WorldSetting) -> Item:
    return Item(rng.choice(setting.held), rng.choice(setting.colours))
