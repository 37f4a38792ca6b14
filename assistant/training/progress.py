"""The development set: simulated messages in phrasings that training never sees, judged like the held-out ones.

Cheap to make and to run, so that a training run can be watched; the held-out messages themselves are for the end.
"""

from __future__ import annotations

import json

from assistant.training.held_out_schema import Expectation, HeldOutMessage
from assistant.training.samples import random_samples
from assistant.training.simulated import Sample
from captioner.world.scene import MAX_JOY, Scene, WorldSetting


def development_messages(number: int, setting: WorldSetting, seed: int = 7) -> list[HeldOutMessage]:
    """Return messages in the phrasings kept out of training, with what a right plan must hold."""
    samples = random_samples(seed, number * 2, setting, dev=True)[::2][:number]
    return [
        HeldOutMessage(f"dev-{at}", sample.kind, sample.path, expectation(sample)) for at, sample in enumerate(samples)
    ]


def expectation(sample: Sample) -> Expectation:
    """Return what a right plan for a simulated turn holds."""
    plan = json.loads(sample.plan)
    acts = ("ask", "reply") if plan["act"] in ("ask", "reply") else (plan["act"],)
    targets = tuple(plan["targets"]) if "targets" in plan else None
    has = scene_facts(sample.scene) if sample.scene else ()
    return Expectation(acts, targets, has)


def scene_facts(scene: Scene) -> tuple[tuple[str, ...], ...]:
    """Return the scene as facts that a prompt must hold, in the macros of `prompt_facts`."""
    facts = [f"@place:{scene.place}", f"@time:{scene.time}", f"@style:{scene.style}", f"@framing:{scene.framing}"]
    if scene.weather != "clear":
        facts.append(f"@weather:{scene.weather}")
    facts += [f"@extra:{extra}" for extra in scene.extras]
    for thing in scene.things:
        facts += [f"@colour:{thing.colour} {thing.kind}", f"@count:{thing.count} {thing.kind}"]
        is_alone = sum(other.kind == thing.kind for other in scene.things) == 1  # or else the macro may read the other
        if thing.mood is not None and thing.id == scene.main.id and is_alone and not 0 < thing.joy <= MAX_JOY:
            facts.append(f"@mood:{thing.kind}={thing.mood}")
        if thing.size != "medium":
            facts.append(f"@size:{thing.size} {thing.kind}")
        for item in (*thing.worn, *((thing.held,) if thing.held else ())):
            facts.append(f"@colour:{item.colour} {item.kind}")
    return tuple((fact,) for fact in facts)
