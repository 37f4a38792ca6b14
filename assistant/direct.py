"""Plans that a button or a flag stands for, built without the language model, because nothing has to be understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from assistant.errors import MessageError
from assistant.messages import (
    MAX_MESSAGE_LETTERS,
    CreatePlan,
    EditPlan,
    ExtendPlan,
    MergePlan,
    ReturnPlan,
    TurnOptions,
    UpscalePlan,
    VaryPlan,
    Version,
)

Direction = Literal["out", "left", "right", "up", "down"]
OFFER_AFTER = 3
"""So many edits on one another, and painting it all at once is offered."""
MAX_TAKEN_LETTERS = 200
FROM_NOISE = ("create", "vary")
"""Acts whose pictures have nothing of an older one in them."""


def exactly(words: str) -> CreatePlan:
    """Return the plan of a new picture whose prompt is a person's own words; the policy alone may put others there.

    Raises:
        MessageError: they cannot be a prompt.
    """
    try:
        return CreatePlan(prompt=words, reply="Painted from your own words.")
    except ValidationError as error:
        raise _no_prompt(words) from error


def exact_edit(words: str) -> EditPlan:
    """Return the plan of an edit of the current picture whose change and whole prompt are a person's own words.

    Raises:
        MessageError: they cannot be a prompt.
    """
    try:
        return EditPlan(prompt=words, change=words)
    except ValidationError as error:
        raise _no_prompt(words) from error


def _no_prompt(words: str) -> MessageError:
    return MessageError(
        f"A prompt has 1 to {MAX_MESSAGE_LETTERS:,} letters and this has {len(words.strip()):,}; change it and paint "
        "again."
    )


def going_back(label: str) -> tuple[str, ReturnPlan]:
    """Return the message and the plan of a turn that goes back to a version."""
    return f"Go back to {label}", ReturnPlan(targets=(label,), reply=f"Back at {label}.")


def extending(label: str, direction: Direction, shape: str) -> tuple[str, ExtendPlan]:
    """Return the message and the plan of a turn that shows more round a version."""
    where = (
        f"to {shape}" if shape else {"out": "all round", "up": "upwards", "down": "downwards"}.get(direction, direction)
    )
    return f"Extend {label} {where}", ExtendPlan(targets=(label,), direction=direction, shape=shape)


def merging(kept: str, other: str, change: str, region: str = "") -> MergePlan:
    """Return the plan that gives one version what `change` says of another, with the change for the whole prompt.

    Raises:
        MessageError: the change cannot be a prompt.
    """
    try:
        return MergePlan(targets=(kept, other), change=change, region=region, prompt=change)
    except ValidationError as error:
        raise _no_prompt(change) from error


def varying(version: Version, strength: Literal["subtle", "strong"]) -> tuple[str, VaryPlan]:
    """Return the message and the plan of a turn that paints a version's description another way."""
    near = "nearly the same" if strength == "subtle" else "all anew"
    plan = VaryPlan(targets=(version.label,), prompt=version.prompt, strength=strength)
    return f"Vary {version.label}, {near}", plan


def enlarging(label: str) -> tuple[str, UpscalePlan]:
    """Return the message and the plan of a turn that enlarges a version."""
    return f"Enlarge {label}", UpscalePlan(targets=(label,))


def edited_from(version: Version, versions: Mapping[str, Version]) -> tuple[Version | None, int]:
    """Return the version that a chain of edits began with and how many edits they are; None where it is gone."""
    edits, root = 0, version
    while root.recipe is not None and root.recipe.act == "edit":
        before = versions.get(root.line or "")
        if before is None:
            return None, edits
        edits, root = edits + 1, before
    return root, edits


def chain_of(version: Version, versions: Mapping[str, Version]) -> tuple[Version, ...]:
    """Return a version and those before it, back to the one that its chain of edits began with, the newest first."""
    chain = [version]
    while chain[-1].recipe is not None and chain[-1].recipe.act == "edit" and chain[-1].line:
        before = versions.get(chain[-1].line)
        if before is None:
            break
        chain.append(before)
    return tuple(chain)


def folding(root: Version | None, edits: int, prompt: str, label: str) -> tuple[VaryPlan, TurnOptions] | None:
    """Return the plan and options that paint at once what so many edits of `root` came to; None as `fold`.

    Args:
        prompt: the whole description at the chain's end.
        label: what the chain's end is called.
    """
    if root is None or root.recipe is None or root.origin == "uploaded" or edits < 2:
        return None
    if root.recipe.act not in FROM_NOISE:
        return None
    plan = VaryPlan(
        targets=(root.label,), prompt=prompt, seed=root.recipe.seed,
        reply=f"All of {label} painted at once, from where {root.label} began. Go on with this one, or go back "
        f"to {label}.",
    )  # fmt: skip
    options = TurnOptions(
        steps=root.recipe.steps, guidance=root.recipe.guidance, candidate=root.recipe.candidate,
        size=(root.recipe.width, root.recipe.height),
    )  # fmt: skip
    return plan, options


def fold(version: Version, versions: Mapping[str, Version]) -> tuple[str, VaryPlan, TurnOptions] | None:
    """Return the message, plan and options that paint what a chain of edits came to at once, from its first noise.

    None where there is no such chain: fewer than two edits, or a beginning that was not painted from noise here. The
    new version is a child of the chain's first one, beside the chain's end, so that a person can choose.
    """
    root, edits = edited_from(version, versions)
    found = folding(root, edits, version.prompt, version.label)
    if found is None or root is None:
        return None
    return f"Paint all of {version.label} at once, from where {root.label} began", *found


def variation(version: Version, strength: Literal["subtle", "strong"]) -> tuple[str, VaryPlan, TurnOptions]:
    """Return the message, plan and options that vary a version: a little, or with all anew, from another seed."""
    how = "a little" if strength == "subtle" else "a lot"
    plan = VaryPlan(
        targets=(version.label,), prompt=version.prompt, strength=strength, reply=f"{version.label}, varied {how}."
    )
    return f"Vary {version.label} {how}", plan, TurnOptions(another=True)


def zooming_out(version: Version) -> tuple[str, ExtendPlan]:
    """Return the message and the plan that paint more of a version's surroundings on all sides."""
    plan = ExtendPlan(targets=(version.label,), prompt=version.prompt, reply=f"{version.label} with more round it.")
    return f"Zoom out from {version.label}", plan


@dataclass(frozen=True)
class Margins:
    """How far the edges of a picture go outwards, in pixels."""

    left: int = 0
    right: int = 0
    up: int = 0
    down: int = 0


SIDE_NAMES = {"left": "to the left", "right": "to the right", "up": "above", "down": "below"}


def extension(version: Version, margins: Margins, own: tuple[int, int]) -> tuple[str, ExtendPlan, TurnOptions]:
    """Return the message, plan and options that paint on past those edges of a version that went outwards.

    `own` is the size in pixels in which the version lies on the canvas.

    Raises:
        MessageError: none did, or one went inwards.
    """
    grown = {side: by for side, by in vars(margins).items() if by}
    if not grown or min(grown.values()) < 0:
        raise MessageError(f"No edge of {version.label} goes outwards, so there is nothing to paint; drag one further.")
    sides = "all round" if len(grown) == len(SIDE_NAMES) else " and ".join(SIDE_NAMES[side] for side in grown)
    size = (own[0] + margins.left + margins.right, own[1] + margins.up + margins.down)
    direction = next(iter(grown)) if len(grown) == 1 else "out"
    plan = ExtendPlan.model_validate(
        {
            "targets": (version.label,), "prompt": version.prompt, "direction": direction, "size": size,
            "reply": f"{version.label} goes on {sides}, {size[0]} × {size[1]} pixels.",
        }
    )  # fmt: skip
    return f"Paint on {sides} of {version.label}", plan, TurnOptions(size=size, place=(margins.left, margins.up))


def enlargement(version: Version) -> tuple[str, UpscalePlan]:
    """Return the message and the plan that make a version larger."""
    return f"Upscale {version.label}", UpscalePlan(targets=(version.label,), reply=f"{version.label}, larger.")


def combination(base: Version, giver: Version, what: str) -> tuple[str, MergePlan]:
    """Return the message and the plan of the first version with something of the second; all of it where `what` is "".

    The prompt says both, for nobody has read the words: the first version's, and what is taken of the second.

    Raises:
        MessageError: the two are one, or `what` is too long.
    """
    what = " ".join(what.split())
    if base.label == giver.label:
        raise MessageError(f"{base.label} cannot be combined with itself; choose another version.")
    if len(what) > MAX_TAKEN_LETTERS:
        raise MessageError(
            f"What to take has at most {MAX_TAKEN_LETTERS} letters and this has {len(what)}; name one thing, such as "
            "“the hat”."
        )
    shown, seen = (version.prompt.rstrip(" .") for version in (base, giver))
    taken = what or seen[:1].lower() + seen[1:] or f"what {giver.label} shows"
    named = f"{what} of {giver.label}" if what else giver.label
    plan = MergePlan(
        targets=(base.label, giver.label), region=what, change=f"take {named}",
        prompt=f"{shown or base.label}, with {taken}.",
        reply=f"{base.label} with {named}.",
    )  # fmt: skip
    return f"Combine {base.label} with {named}", plan
