"""What a simulated conversation holds, and what one turn of it says and does: the ground under the acts that people ask for.

Knows scenes, prompts and the form of a plan; not what people say (`conversations.py` and the modules it draws on) and no
model. No torch.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.messages import ConversationPath, PathTurn, PathVersion
from assistant.training.notes import notes_of
from captioner.world.captions import descriptive
from captioner.world.edits import Edit
from captioner.world.scene import Scene

KEYS = ("act", "targets", "change", "region", "direction", "shape", "strength", "count", "removed", "reply", "prompt")
"""The order in which a plan is written: what the statement needs comes first."""


@dataclass(frozen=True)
class Sample:
    """One turn to learn from: what is read, what is answered, which kind of turn it is, and the scene it paints."""

    context: str
    plan: str
    kind: str
    path: ConversationPath
    scene: Scene | None = None

    @property
    def notes(self) -> str:
        """What is noted before a new picture is planned; "" before any other plan."""
        return notes_of(self.scene) if self.scene and self.plan.startswith('{"act":"create"') else ""


@dataclass
class Picture:
    label: str
    scene: Scene
    seed: int
    parents: tuple[str, ...]
    change: str
    prompt: str
    edit: Edit | None = None
    called: str = ""
    """The name that its subject was asked for by, where something else stands for that."""


@dataclass
class State:
    pictures: list[Picture] = field(default_factory=list)
    turns: list[PathTurn] = field(default_factory=list)
    current: Picture | None = None
    last: Edit | None = None

    def path(self, message: str) -> ConversationPath:
        versions = tuple(PathVersion(p.label, p.parents, p.prompt, p.change) for p in self.pictures)
        return ConversationPath(message, tuple(self.turns), versions, self.current.label if self.current else None)

    def new(
        self, scene: Scene, seed: int, parents: tuple[str, ...] = (), change: str = "", edit: Edit | None = None
    ) -> None:
        number = max((int(p.label[1:]) for p in self.pictures), default=0) + 1
        self.current = Picture(f"v{number}", scene, seed, parents, change, descriptive(scene, seed), edit)
        self.pictures.append(self.current)

    def find(self, label: str) -> Picture | None:
        return next((p for p in self.pictures if p.label == label), None)


def plan_json(**fields: object) -> str:
    """Return a plan as compact JSON, in the order of `KEYS`, without what is empty."""
    return json.dumps({key: fields[key] for key in KEYS if fields.get(key)}, separators=(",", ":"), ensure_ascii=False)


Said = tuple[str, str, Callable[[], None]]
"""A message, its plan as JSON, and what the conversation then holds."""


def nothing() -> None:
    pass


def return_to(picture: Picture, message: str, state: State) -> Said | None:
    def after() -> None:
        state.current = picture

    return message, plan_json(act="return", targets=[picture.label]), after


def before(state: State, picture: Picture | None = None) -> Picture | None:
    """Return the parent of a version (the current one); of one without, what was on the easel before it."""
    picture = picture or state.current
    assert picture is not None
    if picture.parents:
        return state.find(picture.parents[0])
    at = state.pictures.index(picture)
    return state.pictures[at - 1] if at else None
