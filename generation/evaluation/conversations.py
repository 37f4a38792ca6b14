"""Held-out conversations: a scene and what a person then asks to change about it, turn after turn.

Scenes and phrasings are ones that no model was trained on. Development conversations are drawn alike from other
scenes, so that choices can be made on those and measured on the held-out ones. Knows no painter and no pictures.
"""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass

from captioner.world.captions import descriptive, short
from captioner.world.changes_thing import TOP, mood_step
from captioner.world.edits import EDITS, Edit, random_edit
from captioner.world.sample import held_out_scene
from captioner.world.scene import MAX_JOY, Scene, WorldSetting

DEVELOPMENT = 1_000_000
"""Held-out scenes from this index on are for development: no figure is reported on them."""
KINDS = tuple(name for name in EDITS if name != "undo")
"""To undo is to go back to a version, which paints nothing."""
HAPPIER_TURNS = 5
SADDEST_STARTS = 3
"""Conversations about mood begin at one of the lowest degrees, so that there is room for every "happier"."""


@dataclass(frozen=True)
class Conversation:
    """A first scene and the edits that follow, each from where the one before it led.

    `seed` is that of the first picture, which its edits keep, and of the wording of all prompts.
    """

    seed: int
    root: Scene
    edits: tuple[Edit, ...]

    @property
    def wish(self) -> str:
        """The message that would have asked for the first picture."""
        return f"draw {short(self.root, self.seed)}"

    def scene(self, turn: int) -> Scene:
        """Return the scene that is expected after a turn; turn 0 is the first picture."""
        return self.edits[turn - 1].after if turn else self.root

    def prompt(self, turn: int) -> str:
        """Return the descriptive caption of that scene: what a rewriter that makes no mistake would hand on."""
        return descriptive(self.scene(turn), self.seed)


def held_out_conversations(
    count: int, turns: int, setting: WorldSetting, seed: int = 0, development: bool = False
) -> list[Conversation]:
    """Return conversations of so many turns, in phrasings that are never trained on.

    The kinds of edit are drawn evenly among those that apply; "more" and "less" follow the edit before them.

    Args:
        seed: decides prompts' wording and pictures' noise; the scenes and edits are always the same.
        development: take them from the scenes for development.
    """
    return [_conversation(index, count, turns, setting, seed, development) for index in range(count)]


def happier_conversations(
    count: int, setting: WorldSetting, seed: int = 0, development: bool = False
) -> list[Conversation]:
    """Return conversations in which the main thing, sad or calm at first, is made happier five times by one degree."""
    found: list[Conversation] = []
    index = DEVELOPMENT * development
    while len(found) < count:
        scene = held_out_scene(index, setting)
        index += 1
        if not scene.main.has_face:
            continue
        mood = len(found) % SADDEST_STARTS
        scene = root = scene.with_thing(dataclasses.replace(scene.main, mood=mood, joy=0))
        edits = []
        for _ in range(HAPPIER_TURNS):
            change = mood_step(scene, scene.main, 1)
            assert change is not None, "five degrees lead past the top of the scale"
            edits.append(
                Edit("mood_up", scene, change.after, "happier!", change.clause, change.region, target=change.target)
            )
            scene = change.after
        found.append(Conversation(seed * count + len(found), root, tuple(edits)))
    return found


assert SADDEST_STARTS - 1 + HAPPIER_TURNS <= TOP + MAX_JOY


def _conversation(
    index: int, count: int, turns: int, setting: WorldSetting, seed: int, development: bool
) -> Conversation:
    number = index + DEVELOPMENT * development
    root = scene = held_out_scene(number, setting)
    rng = random.Random(f"limner-eval-conversation-{number}")
    edits: list[Edit] = []
    while len(edits) < turns:
        edit = random_edit(scene, rng, setting, KINDS, previous=edits[-1] if edits else None, held_out=True)
        edits.append(edit)
        scene = edit.after
    return Conversation(seed * count + index, root, tuple(edits))
