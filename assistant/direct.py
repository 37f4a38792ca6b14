"""Plans that a button or a flag stands for, built without the language model, because nothing has to be understood."""

from __future__ import annotations

from collections.abc import Mapping
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
        before = versions.get(root.parents[0]) if root.parents else None
        if before is None:
            return None, edits
        edits, root = edits + 1, before
    return root, edits


def chain_of(version: Version, versions: Mapping[str, Version]) -> tuple[Version, ...]:
    """Return a version and those before it, back to the one that its chain of edits began with, the newest first."""
    chain = [version]
    while chain[-1].recipe is not None and chain[-1].recipe.act == "edit" and chain[-1].parents:
        before = versions.get(chain[-1].parents[0])
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

    None where there is no such chain: fewer than two edits, or a beginning that was not painted here. The new version
    is a child of the chain's first one, beside the chain's end, so that a person can choose.
    """
    root, edits = edited_from(version, versions)
    found = folding(root, edits, version.prompt, version.label)
    if found is None or root is None:
        return None
    return f"Paint all of {version.label} at once, from where {root.label} began", *found
