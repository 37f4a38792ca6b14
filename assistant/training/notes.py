"""What the rewriter notes of a message before it plans a new picture: the scene in few words, always in one order."""

from __future__ import annotations

from captioner.world.scene import MOODS, Scene, Thing


def notes_of(scene: Scene) -> str:
    """Return every fact of a scene that a caption may say, the things in their order; the usual values are left out."""
    facts = [scene.place, scene.time]
    facts += [scene.weather] if scene.weather != "clear" else []
    facts += [scene.style]
    facts += [scene.framing] if scene.framing != "medium" else []
    facts += scene.extras
    return "".join(f" {part};" for part in (*map(_of_thing, scene.things), " ".join(facts)))


def _of_thing(thing: Thing) -> str:
    facts = [thing.side]
    facts += [str(thing.count)] if thing.count > 1 else []
    facts += [thing.size] if thing.size != "medium" else []
    facts += [thing.pattern] if thing.pattern != "plain" else []
    facts += [thing.colour, thing.kind]
    facts += [MOODS[thing.mood] + "!" * thing.joy] if thing.mood is not None else []
    facts += [thing.pose] if thing.pose != "standing" else []
    facts += [f"{item.colour} {item.kind}" for item in (*thing.worn, *((thing.held,) if thing.held else ()))]
    return " ".join(facts)
