"""Every phrasing of each kind of edit, in one fixed order, and the fifth of them that is never trained on.

Slots: {thing} "the bunny"; {him} {his} {he} its pronouns; {kind} "bunny"; {item} "red hat"; {an_item} "a red hat";
{items} "hat" or "glasses" without colour; and what the kind of edit brings (colour, place, …). A phrasing without
{thing} is about the main subject.
"""

from __future__ import annotations

from functools import cache

from captioner.world.phrasings_scene import SCENE_PHRASINGS
from captioner.world.phrasings_thing import THING_PHRASINGS

PHRASINGS = THING_PHRASINGS | SCENE_PHRASINGS
HELD_OUT_EVERY = 5
WRAPS = (
    "please {}", "{} please", "can you {}?", "could you {}?", "could you please {}?", "now {}", "I want you to {}",
    "{}, thanks", "ok, {}", "would you {}?", "so {}", "hmm, {}", "i'd like you to {}", "and {}", "nice! {}",
    "{}!", "can we {}?", "great, now {}", "{}, keep the rest", "{} and leave everything else",
)  # fmt: skip
WRAPS_PER_CORE = 4


@cache
def expanded(kind: str) -> tuple[str, ...]:
    """Return every phrasing of a kind of edit: clauses and requests as they are, then the clauses in their wraps.

    A clause is given only `WRAPS_PER_CORE` of the wraps, a different few for each, so that wraps do not drown clauses.
    """
    cores, alone = PHRASINGS[kind]
    bare = [text for pair in zip(cores, alone, strict=False) for text in pair]
    bare += [*cores[len(alone) :], *alone[len(cores) :]]
    wrapped = [
        WRAPS[(at * WRAPS_PER_CORE + step * 3 + at // 5) % len(WRAPS)].replace("{}", core)
        for step in range(WRAPS_PER_CORE)
        for at, core in enumerate(cores)
    ]
    return tuple(dict.fromkeys([*bare, *wrapped]))


@cache
def slice_of(kind: str, held_out: bool) -> tuple[str, ...]:
    """Return the phrasings for training, or the fixed fifth that is never trained on."""
    return tuple(
        text for at, text in enumerate(expanded(kind)) if (at % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) == held_out
    )
