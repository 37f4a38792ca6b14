"""The values a conversation is made of: plans, turns, versions and events, all frozen.

Identity belongs to the store; nothing here reads a clock, a disk or a random number. No torch, no gradio, no web.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from captioner.request import Checklist
from generation.request import Recipe, Taken

PLAN_SCHEMA_VERSION: Final = 1
MAX_MESSAGE_LETTERS = 8_000

Label = Annotated[str, StringConstraints(pattern=r"^v[1-9][0-9]{0,5}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8_000)]


MOST_PICTURES = 8
"""Pictures that one plan asks for, at most."""


class PlanBase(BaseModel):
    """What every plan has: the version of its schema and what the assistant says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = PLAN_SCHEMA_VERSION
    reply: str = ""


class PaintingPlan(PlanBase):
    """What every plan that paints has.

    `prompt` is the whole description of the picture as it shall be; `removed` names what it must not show.
    """

    prompt: Sentence
    removed: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    count: int = Field(default=1, ge=1, le=MOST_PICTURES)
    size: tuple[int, int] | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**63)


class CreatePlan(PaintingPlan):
    """A new picture. `title` says in a few words what it is about; "" where nobody did."""

    act: Literal["create"] = "create"
    title: str = ""


class EditPlan(PaintingPlan):
    """A change to one version: `change` alone is the instruction; `region` says in words where."""

    act: Literal["edit"] = "edit"
    targets: tuple[Label] | tuple[()] = ()
    change: Sentence
    region: str = ""
    keep: tuple[str, ...] = ()
    strength: float = Field(default=1.0, gt=0, le=1)


class VaryPlan(PaintingPlan):
    """The same description painted again from another seed: all anew, or near to the version that it varies."""

    act: Literal["vary"] = "vary"
    targets: tuple[Label] | tuple[()] = ()
    strength: Literal["subtle", "strong"] = "strong"


class ExtendPlan(PaintingPlan):
    """More of one version's surroundings, painted past its edges: all round, to one side, or up to a new shape.

    `shape` is width to height, "3:2"; where it is given, `direction` is "out". Without a prompt it is the
    version's own.
    """

    act: Literal["extend"] = "extend"
    prompt: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8_000)] = ""
    targets: tuple[Label] | tuple[()] = ()
    direction: Literal["out", "left", "right", "up", "down"] = "out"
    shape: Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]?:[1-9][0-9]?)?$")] = ""


class MergePlan(PaintingPlan):
    """One picture of two versions: the first, with what `region` names from the second.

    `change` alone is the instruction; without a region the whole second version tells what to change.
    """

    act: Literal["merge"] = "merge"
    targets: tuple[Label, Label]
    change: Sentence
    region: str = ""


class UpscalePlan(PlanBase):
    """One version, larger; nothing else about it changes."""

    act: Literal["upscale"] = "upscale"
    targets: tuple[Label] | tuple[()] = ()


class ReturnPlan(PlanBase):
    """Go back to an older version; paints nothing."""

    act: Literal["return"] = "return"
    targets: tuple[Label]


class WordsPlan(PlanBase):
    """Say something and paint nothing."""

    act: Literal["describe", "ask", "refuse", "reply"]
    targets: tuple[Label, ...] = ()
    reply: Sentence


PicturePlan = CreatePlan | EditPlan | VaryPlan | ExtendPlan | MergePlan | UpscalePlan
"""A plan that ends in a picture."""
Plan = Annotated[
    CreatePlan | EditPlan | VaryPlan | ExtendPlan | MergePlan | UpscalePlan | ReturnPlan | WordsPlan,
    Field(discriminator="act"),
]
PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
"""Validates JSON or dicts into plans, and gives their JSON schema."""


class TurnStatus(StrEnum):
    QUEUED = "queued"
    PLANNING = "planning"
    PAINTING = "painting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in (TurnStatus.DONE, TurnStatus.FAILED, TurnStatus.CANCELLED)


@dataclass(frozen=True)
class Version:
    """One finished picture. `image` and `latent` are SHA-256 digests; `latent` is None for uploads.

    `changed` is the share of the parent's pixels that an edit changed, 0 to 1; None for other pictures. `checks` says
    of each thing that the prompt demands whether it was seen in the picture; None where nobody looked. `drift` is how
    far what no edit should have touched has moved since the chain of edits began, as `assistant.drift` measures it;
    None for what is no edit, or where it cannot be told. `name` is what its person calls it and `caption` what a
    captioner sees in it; "" for neither. Of `parents` some may have been deleted. Where the first was, `instead` is the
    nearest version before it that is still there ("" for none); `held_own` says that a deleted one was, or held, a
    person's own picture.
    """

    id: str
    conversation_id: str
    turn_id: str
    number: int
    parents: tuple[str, ...]
    prompt: str
    change: str
    region: str
    image: str
    latent: str | None
    width: int
    height: int
    origin: Literal["painted", "uploaded"] = "painted"
    recipe: Recipe | None = None
    seconds: float = 0.0
    changed: float | None = None
    checks: Checklist | None = None
    drift: float | None = None
    name: str = ""
    caption: str = ""
    instead: str | None = None
    held_own: bool = False

    @property
    def label(self) -> str:
        return f"v{self.number}"

    @property
    def line(self) -> str | None:
        """The label of the version before it: its first parent, or the nearest before that which is still there."""
        if self.instead is not None:
            return self.instead or None
        return self.parents[0] if self.parents else None


@dataclass(frozen=True)
class TurnOptions:
    """What a button or parameter asks of a turn beside its words; None leaves it to the plan, the parent, the painter.

    `size` is (width, height) in pixels. `act` holds a plan that paints to this act: whoever has pressed "edit" or
    called an address for edits has decided that. `mask` is the SHA-256 of a PNG, white where an edit may change its
    parent, painted by a person: it goes before any region that is found. `whole` lets an edit change the whole picture.
    `moderation` is how strict the policy is, as the API has it.
    `tries` is how many pictures may be painted to get one in which nothing is missing: 1 looks at one and says what is
    missing, 0 does not look. `another` gives an edit, too, a seed of its own in place of its parent's.
    `fold` lets the chain of edits be painted at once, too, beside an edit that has drifted far.
    `candidate` is the number of the first picture among those of one seed: the noise of a picture is of both.
    `place` is where the upper left corner of an extension's parent lies on its canvas of `size`. `layout` is the label
    of a version whose layout a new picture takes; `pattern` is that of one that the painter is shown, for a new picture
    to take its subject or its style (`takes`). `beside` is the label of a second picture that came with the message:
    an edit of the first takes from it what the words say. `pressed`: the message is a button's, and nobody typed it.
    `painter` is the name of who paints, of those that can be chosen.
    """

    size: tuple[int, int] | None = None
    steps: int | None = None
    guidance: float | None = None
    seed: int | None = None
    count: int | None = None
    act: Literal["create", "edit"] | None = None
    mask: str | None = None
    whole: bool = False
    moderation: Literal["auto", "low"] = "auto"
    tries: int | None = None
    another: bool = False
    candidate: int = 0
    fold: bool = True
    place: tuple[int, int] | None = None
    layout: str | None = None
    beside: str | None = None
    pressed: bool = False
    pattern: str | None = None
    takes: Taken | None = None
    painter: str | None = None


@dataclass(frozen=True)
class Turn:
    """One message and all that was done about it. `ends_on` and `made` are version labels."""

    id: str
    conversation_id: str
    parent_id: str | None
    number: int
    message: str
    status: TurnStatus
    plan: Plan | None = None
    ends_on: str | None = None
    made: tuple[str, ...] = ()
    reply: str = ""
    error: str = ""
    seconds: float = 0.0
    options: TurnOptions = TurnOptions()


Titled = Literal["", "message", "picture", "rewriter", "person"]
"""What a conversation's title came from: nothing yet, the first message, what a captioner sees in the first picture,
the rewriter, or the person, whose title stays."""


@dataclass(frozen=True)
class Conversation:
    """A tree of turns and of versions, owned by one person. Times are ISO 8601, UTC."""

    id: str
    owner: str
    title: str
    created: str
    updated: str


@dataclass(frozen=True)
class PathVersion:
    """A version as the rewriter sees it. `image` is the SHA-256 of its picture, for those that can see; `name` is what
    its person calls it.
    """

    label: str
    parents: tuple[str, ...]
    prompt: str
    change: str
    image: str = ""
    name: str = ""


@dataclass(frozen=True)
class PathTurn:
    """An earlier turn as the rewriter sees it. `ended_on` is a version label, or None before the first picture."""

    message: str
    act: str
    ended_on: str | None


@dataclass(frozen=True)
class ConversationPath:
    """What a rewriter reads: the turns from the root to now, the versions on hand, and the new message.

    `current` is the label of the version that "it" means; None before the first picture. `locked` are the phrases that
    stay in its prompt.
    """

    message: str
    turns: tuple[PathTurn, ...] = ()
    versions: tuple[PathVersion, ...] = ()
    current: str | None = None
    locked: tuple[str, ...] = ()

    def version(self, label: str) -> PathVersion | None:
        return next((version for version in self.versions if version.label == label), None)


EventKind = Literal[
    "queued", "planning", "plan", "progress", "preview", "checked", "version", "reply", "done", "failed", "cancelled"
]


@dataclass(frozen=True)
class Event:
    """Something that happened in a turn; numbered from 1 without gaps, so that a reader can go on where it was.

    `data` holds words, numbers and digests; a preview's encoded bytes are in `image` and are not kept.
    """

    turn_id: str
    number: int
    kind: EventKind
    data: dict[str, Any] = field(default_factory=dict)
    image: bytes = b""


@dataclass(frozen=True)
class TurnResult:
    """What became of a turn, in one flat value for terminals and programs.

    `version` is the label that the turn ends on and `versions` those that it made; `parents`, `prompt`, `change`,
    `region`, `image` (SHA-256 of the PNG), `seed`, `changed`, `checks`, `drift` and the `locked` phrases are of
    `version`.
    """

    conversation: str
    turn: str
    number: int
    message: str
    status: TurnStatus
    act: str | None
    version: str | None
    versions: tuple[str, ...]
    parents: tuple[str, ...]
    prompt: str
    change: str
    region: str
    image: str | None
    seed: int | None
    changed: float | None
    checks: Checklist | None
    seconds: float
    reply: str
    error: str
    drift: float | None = None
    locked: tuple[str, ...] = ()
