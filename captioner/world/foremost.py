"""Which of the things in a picture is its main subject, by what the picture shows. Pure; knows no words."""

from __future__ import annotations

from captioner.world.layout import layout
from captioner.world.scene import AGENTIVE, Scene, Thing

AS_TALL = 1.02
"""One thing is taller than another, to the eye, if it is this many times as tall."""


def foremost(scene: Scene) -> Thing:
    """Return the thing that a few words on the picture are about.

    Who does something to the other is; else the taller one; of two as tall the left one, as eyes read. (In a scene
    `things[0]` comes first, which of two side by side no picture tells.)
    """
    for relation in scene.relations:
        if relation.kind in AGENTIVE:
            return scene.thing(relation.subject)
    stands = layout(scene)
    tallest = max(stand.height for stand in stands)
    tall = [stand for stand in stands if stand.height * AS_TALL >= tallest]
    return scene.thing(min(tall, key=lambda stand: (stand.x, stand.feet)).thing_id)
