"""Phrases of a prompt that a person locked: no later rewrite drops them. Values and words alone; no store, no model.

A lock stands on a version and holds for all that descends from it, until a later version of that line unlocks it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TypeVar

from assistant.errors import MessageError
from assistant.messages import EditPlan, PaintingPlan, WordsPlan

P = TypeVar("P", bound=PaintingPlan)
MAX_LETTERS = 200
MAX_LOCKS = 20
"""Phrases that are held at once; what is locked from end to end is painted with "use my words exactly"."""
LIKE = 0.5
"""How much of two sentences is the same, of which one came of the other."""
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_WORD, _PIECE = re.compile(r"\w{3,}"), re.compile(r"\s*(?:\w+|[^\w\s])")


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


def held_to(plan: P, phrases: Sequence[str], before: Sequence[str] = ()) -> P | WordsPlan:
    """Return the plan with every locked phrase in its prompt; what a rewriter dropped is put back, and said so.

    What the plan wanted removed is kept where it is part of a locked phrase. A change of nothing but what is locked, in
    its words, paints nothing: its picture is there already.

    Args:
        before: the prompts that the plan goes on from, where each phrase has its place.
    """
    if not phrases or not plan.prompt:  # an extension without a prompt has its version's own
        return plan
    dropped = [phrase for phrase in phrases if not stands_in(phrase, plan.prompt)]
    prompt = plan.prompt
    for phrase in dropped:
        if not stands_in(phrase, prompt):
            of = next((text for text in before if stands_in(phrase, text)), "")
            prompt = _put_back(phrase, prompt, of)
    kept = f"Kept, because it is locked: {', '.join(f'“{phrase}”' for phrase in dropped)}." if dropped else ""
    if isinstance(plan, EditPlan) and prompt in before and _is_about(plan.change, dropped):
        return WordsPlan(act="reply", reply=f"{kept} Unlock it to change it.")
    return plan.model_copy(
        update={
            "prompt": prompt,
            "locked": tuple(phrases),
            "removed": tuple(name for name in plan.removed if not any(stands_in(name, phrase) for phrase in phrases)),
            "reply": " ".join(filter(None, [plan.reply, kept])),
        }
    )


def _is_about(change: str, phrases: Sequence[str]) -> bool:
    """Tell whether a change names something of what phrases say."""
    said = {word for phrase in phrases for word in _WORD.findall(phrase.lower())}
    return not said.isdisjoint(_WORD.findall(change.lower()))


def _put_back(phrase: str, prompt: str, before: str) -> str:
    """Return a prompt with a phrase where it stood before: its words in the sentence that came of its own, or its whole
    sentence where that is gone; at the end where neither can be told.
    """
    old, new = ([part for part in _SENTENCES.split(text.strip()) if part] for text in (before, prompt))
    at = next((at for at, sentence in enumerate(old) if stands_in(phrase, sentence)), None)
    if at is not None:
        now = _came_of(at, old, new)
        if now is None and not set(old).isdisjoint(new):
            following = (new.index(sentence) for sentence in old[at + 1 :] if sentence in new)
            place = next(following, len(new))
            return " ".join([*new[:place], old[at], *new[place:]])
        restored = "" if now is None else _words_back(phrase, old[at], new[now])
        if now is not None and stands_in(phrase, restored):
            return " ".join([*new[:now], restored, *new[now + 1 :]])
    added = f"{phrase[:1].upper()}{phrase[1:]}"
    added += "" if added.endswith((".", "!", "?")) else "."
    joint = " " if not prompt or prompt.rstrip().endswith((".", "!", "?")) else ". "
    return f"{prompt.rstrip()}{joint}{added}".strip()


def _came_of(at: int, old: Sequence[str], new: Sequence[str]) -> int | None:
    """Return which new sentence came of an old one: each is most like the other of those that changed; None if none."""
    left = [sentence for sentence in old if sentence not in new]
    come = [place for place, sentence in enumerate(new) if sentence not in old]
    best = max(come, key=lambda place: _alike(old[at], new[place]), default=None)
    if best is None or _alike(old[at], new[best]) < LIKE:
        return None
    return best if max(left, key=lambda sentence: _alike(sentence, new[best])) == old[at] else None


def _words_back(phrase: str, old: str, new: str) -> str:
    """Return a sentence in which what was changed or left out of a phrase of the old one stands as it did."""
    was, now = _PIECE.findall(old), _PIECE.findall(new)
    found = _pattern(phrase.split()).search(old)
    assert found is not None
    ends = list(accumulate(map(len, was)))
    own = {at for at, end in enumerate(ends) if end > found.start() and end - len(was[at]) < found.end()}
    words: list[str] = []
    for op, first, end, start, stop in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        touched = own & set(range(first, end))
        if op == "insert" and min(own) < first <= max(own):
            continue  # it came between the words of the phrase
        if op == "equal" or not touched:
            words += now[start:stop]
        elif end - first == stop - start:
            words += [was[at] if at in touched else now[start + at - first] for at in range(first, end)]
        else:
            words += was[first:end]
    return "".join(words).strip()


def _alike(one: str, two: str) -> float:
    return SequenceMatcher(None, _PIECE.findall(one), _PIECE.findall(two), autojunk=False).ratio()
