"""What the words alone say of each thing: a lesson for the text encoder, beside the picture's.

A velocity's error hardly tells the text encoder that in "a red cat on the left, a blue dog on the right" red belongs to
cat and cat to left; so a painter learns late which of two things is which. Here every word that names a thing has to
tell that thing's side, colour, mood, items and role, and the scene knows the answers. Used in training alone: nothing
of it is kept with the weights.

Dimensions: B batch, L text tokens, D text width, M naming words in a batch, K classes of all questions together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from captioner.training.segments import UNASKED
from captioner.world import words
from captioner.world.roles import role_of, roles_of
from captioner.world.scene import MOODS, SIDES, Scene, Thing, WorldSetting


def fact_sizes(setting: WorldSetting) -> list[int]:
    """Return the questions' numbers of classes: side, colour, mood, and each item's colour (0 is none); and the role in
    a relation, where the setting has relations beyond sides.
    """
    items = len(setting.worn) + len(setting.held)
    sizes = [len(SIDES), len(setting.colours), len(MOODS) + 1, *[1 + len(setting.colours)] * items]
    return sizes + ([len(roles)] if (roles := roles_of(setting)) else [])


def facts_of(thing: Thing, scene: Scene, setting: WorldSetting, role_alone: bool = False) -> list[int]:
    """Return the class of each question; `UNASKED` without an answer, and with `role_alone` for all but the last."""
    role = [roles.index(role_of(thing, scene))] if (roles := roles_of(setting)) else []
    if role_alone:
        return [UNASKED] * (len(fact_sizes(setting)) - len(role)) + role
    items = {item.kind: item.colour for item in thing.worn + ((thing.held,) if thing.held else ())}
    return [
        SIDES.index(thing.side),
        setting.colours.index(thing.colour),
        UNASKED if thing.mood is None else thing.mood + (thing.joy > 0),
        *[1 + setting.colours.index(items[k]) if k in items else 0 for k in setting.worn + setting.held],
        *role,
    ]


def naming_tokens(tokenizer: Any, setting: WorldSetting) -> dict[str, frozenset[int]]:
    """Return for each kind the tokens that are a name of it, one or many; names of several tokens are left out."""
    found = {}
    for kind in setting.subjects:
        names = (kind, *words.KIND_SYNONYMS.get(kind, ()))
        texts = [*names, *(words.plural(name) for name in names)]
        encoded = tokenizer(texts, add_special_tokens=False)["input_ids"]
        found[kind] = frozenset(row[0] for row in encoded if len(row) == 1)
    return found


def named(
    tokens: Tensor,
    scenes: Sequence[Scene | None],
    names: Mapping[str, frozenset[int]],
    setting: WorldSetting,
    brief: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return where things are named, (M, 2) rows and columns, and their facts (M, questions).

    Args:
        tokens: (B, L).
        scenes: what each row describes; None where the words do not say it all. Of two things of one kind neither is
            asked, since their names are one word.
        brief: the words say little more than each thing's role (`captioner.world.terse` never leaves that out).
    """
    places: list[tuple[int, int]] = []
    facts: list[list[int]] = []
    for row, (line, scene) in enumerate(zip(tokens.tolist(), scenes, strict=True)):
        if scene is None:
            continue
        kinds = [thing.kind for thing in scene.things]
        for thing in scene.things:
            if kinds.count(thing.kind) > 1:
                continue
            here = [column for column, token in enumerate(line) if token in names[thing.kind]]
            places += [(row, column) for column in here]
            facts += [facts_of(thing, scene, setting, brief)] * len(here)
    # Typed, since an empty list would make floats.
    where = torch.tensor(places, dtype=torch.long).reshape(-1, 2)
    return where, torch.tensor(facts, dtype=torch.long).reshape(-1, len(fact_sizes(setting)))


def binding_loss(logits: Tensor, facts: Tensor, setting: WorldSetting) -> Tensor:
    """Return the sum over the questions of the mean cross-entropy of the words that have an answer, in nats.

    Args:
        logits: (M, K).
        facts: (M, questions).
    """
    total = logits.new_zeros(())
    for part, classes in zip(logits.split(fact_sizes(setting), -1), facts.unbind(-1), strict=True):
        asked = (classes != UNASKED).sum().clamp(min=1)
        total = total + F.cross_entropy(part, classes, ignore_index=UNASKED, reduction="sum") / asked
    return total
