"""Phrases of a prompt that a person locked: no later rewrite drops them. Values and words alone; no store, no model.

A lock stands on a version and holds for all that descends from it, until a later version of that line unlocks it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from assistant.errors import MessageError
from assistant.messages import PaintingPlan

P = TypeVar("P", bound=PaintingPlan)
MAX_LETTERS = 200
MAX_LOCKS = 20
"""Phrases that are held at once; what is locked from end to end is painted with "use my words exactly"."""


def phrase_in(phrase: str, prompt: str, label: str) -> str:
    """Return a phrase as it stands in a version's prompt.

    Raises:
        MessageError: it is empty or too long, or does not stand there as whole words.
    """
    words = phrase.split()
    if not words or len(phrase) > MAX_LETTERS:
        raise MessageError(
            f"A locked phrase has 1 to {MAX_LETTERS} letters and this has {len(phrase.strip())}; lock a few words of "
            f"{label}'s prompt."
        )
    if found := _pattern(words).search(prompt):
        return " ".join(found.group().split())
    raise MessageError(
        f"{label}'s prompt does not say “{' '.join(words)}”; lock words that stand in it, or ask for them first."
    )


def stands_in(phrase: str, prompt: str) -> bool:
    """Tell whether a prompt says a phrase, in whatever case and spacing."""
    return _pattern(phrase.split()).search(prompt) is not None


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE)


def locked_at(
    number: int, parents: Mapping[int, Sequence[int]], marks: Mapping[int, Mapping[str, bool]]
) -> tuple[str, ...]:
    """Return the phrases that hold at a version: its own marks go before those of its parents, the parents' add up.

    Args:
        number: the version.
        parents: the numbers of each version's parents.
        marks: what was locked (True) and unlocked (False) on each version, by phrase.
    """
    known: dict[int, tuple[str, ...]] = {}
    for version in sorted(_line(number, parents)):  # parents have smaller numbers
        held = dict.fromkeys(phrase for parent in parents.get(version, ()) for phrase in known[parent])
        for phrase, locked in marks.get(version, {}).items():
            if locked:
                held[phrase] = None
            else:
                held.pop(phrase, None)
        known[version] = tuple(held)
    return known[number]


def _line(number: int, parents: Mapping[int, Sequence[int]]) -> set[int]:
    """Return a version and all that it descends from."""
    found, left = {number}, [number]
    while left:
        for parent in parents.get(left.pop(), ()):
            if parent not in found:
                found.add(parent)
                left.append(parent)
    return found


def held_to(plan: P, phrases: Sequence[str]) -> P:
    """Return the plan with every locked phrase in its prompt; what a rewriter dropped is put back, and said so.

    What the plan wanted removed is kept where it is part of a locked phrase.
    """
    if not phrases or not plan.prompt:  # an extension without a prompt has its version's own
        return plan
    prompt, dropped = plan.prompt, [phrase for phrase in phrases if not stands_in(phrase, plan.prompt)]
    for phrase in dropped:
        joint = " " if not prompt or prompt.rstrip().endswith((".", "!", "?")) else ". "
        prompt = f"{prompt.rstrip()}{joint}{phrase[:1].upper()}{phrase[1:]}".strip()
        prompt += "" if prompt.endswith((".", "!", "?")) else "."
    kept = f"Kept, because it is locked: {', '.join(f'“{phrase}”' for phrase in dropped)}." if dropped else ""
    return plan.model_copy(
        update={
            "prompt": prompt,
            "locked": tuple(phrases),
            "removed": tuple(name for name in plan.removed if not any(stands_in(name, phrase) for phrase in phrases)),
            "reply": " ".join(filter(None, [plan.reply, kept])),
        }
    )
