"""Where each thing stands: boxes on a canvas of 128 units a side. Pure; knows no drawing.

Only size, side, framing, count, pose, joy and relations have a say, so that a change of anything else moves nothing,
and each thing's stand depends on itself alone, except through a relation that names it.
"""

from __future__ import annotations

from captioner.world.relating import MOVES, TOPS, USUAL_TOP
from captioner.world.scene import Scene, Thing
from captioner.world.stands import CANVAS as CANVAS
from captioner.world.stands import Stand as Stand

HEIGHT = {"close": 90.0, "medium": 71.0, "wide": 55.0}
GROUND = {"close": 122.0, "medium": 114.0, "wide": 107.0}
HORIZON = {"close": 86.0, "medium": 80.0, "wide": 74.0}
SIZE = {"small": 0.84, "medium": 1.0, "large": 1.14}
SIDE = {"left": 34.0, "middle": 64.0, "right": 94.0}
TALLEST = {1: 100.0, 2: 74.0, 3: 56.0, 4: 50.0, 5: 46.0}
ASIDE_TALLEST = 90.0
"""A thing at a side leaves room for another one."""
ROWS: dict[int, tuple[tuple[float, ...], ...]] = {
    1: ((0.0,),),
    2: ((-0.5, 0.5),),
    3: ((-1.0, 0.0, 1.0),),
    4: ((-0.5, 0.5), (-1.2, 1.2)),
    5: ((-0.7, 0.7), (-1.3, 0.0, 1.3)),
}
"""Where the copies of a group stand, in steps from its middle; the back row comes first."""
PACE = 0.75
LIFT = 0.14


def layout(scene: Scene) -> tuple[Stand, ...]:
    """Return every copy of every thing, back to front."""
    groups = {thing.id: _own_stands(thing, scene.framing) for thing in scene.things}
    tops = {thing.id: TOPS.get(thing.kind, USUAL_TOP) for thing in scene.things}
    for relation in scene.relations:
        move = MOVES.get(relation.kind)
        if move and relation.subject != relation.obj:
            one, two = relation.subject, relation.obj
            groups[one], groups[two] = move(groups[one], groups[two], tops[one], tops[two])
    stands = [stand for thing in scene.things for stand in groups[thing.id]]
    return tuple(sorted(stands, key=lambda stand: stand.ground + stand.layer))


def _own_stands(thing: Thing, framing: str) -> list[Stand]:
    height = min(HEIGHT[framing] * SIZE[thing.size], TALLEST[thing.count])
    if thing.side != "middle":
        height = min(height, ASIDE_TALLEST)
    lift = LIFT * height if thing.pose == "jumping" or thing.joy else 0.0
    rows = ROWS[thing.count]
    reach = max(abs(step) for row in rows for step in row) * PACE * height + 0.36 * height
    x = min(max(SIDE[thing.side], reach), max(CANVAS - reach, CANVAS / 2)) if thing.count > 1 else SIDE[thing.side]
    if reach > CANVAS / 2:
        x = CANVAS / 2
    stands: list[Stand] = []
    for row, steps in enumerate(rows):
        ground = GROUND[framing] - (len(rows) - 1 - row) * 0.42 * height
        for step in steps:
            stands.append(Stand(thing.id, len(stands), x + step * PACE * height, ground, height, lift))
    return stands
