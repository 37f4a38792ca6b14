"""What two descriptions make together: what a merge's own description is read against, as an edit's is in `keeping`.

A small model that merges two pictures gives the one's hat to the other's dog. Its plan says first what it takes from
where ("change the background to that of v2"); held to that, the facts of both descriptions tell which facts the new one
is to have. The model writes every word, and where it has some wrong it writes again. No torch.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator

from captioner.reading import Label, Said, SaidThing, labels_in, read_caption
from captioner.world.scene import HELD

GROUND = frozenset({"place", "extra", "time", "weather"})
SKY = frozenset({"time", "weather"})
MOST_EXTRAS = 2
"""Of the scenery, in one scene of the world."""
ALL_TOLD: frozenset[str] = frozenset()
MOVED = frozenset({"side", "relations"})
"""What nobody can tell of things that make room for one another."""
HIDDEN = frozenset({"pose"})
"""What comes back when joy that had taken its place goes."""
_FROM = re.compile(r"\bv[0-9]+$")


def is_possible(first: str, second: str, change: str) -> bool:
    """Say whether the second description has what a change takes from it, and the first one whom it gives that to.

    Only what the world has words for is looked for.
    """
    words = _FROM.sub("", change).strip()
    labels = labels_in(words)
    kinds, colours = ([value for name, value in labels if name == wanted] for wanted in ("kind", "colour"))
    base, giver = read_caption(first), read_caption(second)
    if words.startswith("give "):
        items = [value for name, value in labels if name == "item"]
        has = {item for thing in giver.things for item in thing.items}
        offered = {(items[-1], colours[-1])} <= has if items and colours else True
        return offered and (not kinds or any(thing.kind == kinds[0] for thing in base.things))
    if words.startswith("add "):
        extras = {label for label in labels if label[0] == "extra"}
        return extras <= giver.scenery and {*kinds} <= {thing.kind for thing in giver.things}
    return True


def faults_of_merge(first: str, second: str, after: str, change: str) -> int | None:
    """Return how many facts a description of two merged pictures lacks or has too many; None where nobody can tell.

    Args:
        first, second: what the versions that are merged show, in the order of the plan's targets.
        after: what it is said to come to.
        change: the plan's, which ends with the second version's name.
    """
    wanted = list(_together(read_caption(first), read_caption(second), change))
    if not wanted:
        return None
    told = read_caption(after)
    return min(_apart(said, told, free) for said, free in wanted)


def _apart(wanted: Said, told: Said, free: frozenset[str]) -> int:
    one, other = (Counter({f: n for f, n in said.facts().items() if not free & {*f}}) for said in (wanted, told))
    return sum(((one - other) + (other - one)).values())


def _together(first: Said, second: Said, change: str) -> Iterator[tuple[Said, frozenset[str]]]:
    """Yield what the two may come to by a change, each with what of it nobody can tell."""
    words = _FROM.sub("", change).strip()
    of: dict[str, list[str]] = {}
    for name, value in labels_in(words):
        of.setdefault(name, []).append(value)
    taken = {"change the background to that of": GROUND, "change the sky to that of": SKY}
    taken["take over the style of"] = frozenset({"style"})
    if words in taken:
        yield _with(first, {label for label in second.scenery if label[0] in taken[words]}, taken[words]), ALL_TOLD
    elif words == "combine it with":
        for other in second.things:
            yield from _both(first, other, second)
    elif words.endswith("the face of"):
        yield from ((said, HIDDEN) for other in second.things for said in _with_face(first, of.get("kind", []), other))
    elif "item" in of:
        said = _with_item(first, of.get("kind", []), (of["item"][-1], of.get("colour", [""])[-1]))
        yield from ([(said, ALL_TOLD)] if said else [])
    elif "extra" in of:
        yield _with(first, {("extra", of["extra"][-1])}, frozenset()), ALL_TOLD
    elif "kind" in of:
        for other in second.things:
            if other.kind == of["kind"][-1]:
                yield _beside(first, other), MOVED


def _with(said: Said, labels: set[Label], in_place_of: frozenset[str]) -> Said:
    """Return what is said with other scenery."""
    new = copy.deepcopy(said)
    new.scenery = {label for label in said.scenery if label[0] not in in_place_of} | labels
    return new


def _beside(said: Said, other: SaidThing) -> Said:
    new = copy.deepcopy(said)
    new.things.append(copy.deepcopy(other))
    return new


def _both(first: Said, other: SaidThing, second: Said) -> Iterator[tuple[Said, frozenset[str]]]:
    """Yield two pictures combined: both subjects, or, of one that is in both, what either has."""
    alike = [t for t in first.things if (t.kind, t.value("colour")) == (other.kind, other.value("colour"))]
    if not alike:
        yield _beside(first, other), MOVED
        return
    new = copy.deepcopy(first)
    thing = new.things[first.things.index(alike[0])]
    if thing.count == 1:
        has = {kind for kind, _ in thing.items}
        is_free = not has & set(HELD)
        thing.items += [i for i in other.items if i[0] not in has and (i[0] not in HELD or is_free)]
    if ("place", "room") not in first.scenery:
        extras = {value for said in (first, second) for name, value in said.scenery if name == "extra"}
        kept = sorted(extras)[:MOST_EXTRAS]
        new.scenery = {label for label in new.scenery if label[0] != "extra"} | {("extra", value) for value in kept}
    yield new, ALL_TOLD


def _whom(said: Said, kinds: list[str]) -> list[int]:
    return [at for at, thing in enumerate(said.things) if thing.kind in kinds]


def _with_face(said: Said, kinds: list[str], other: SaidThing) -> Iterator[Said]:
    for at in _whom(said, kinds):
        new = copy.deepcopy(said)
        thing = new.things[at]
        gone = {"mood", "pose"} if other.joy else {"mood"}
        thing.attributes = {label for label in thing.attributes if label[0] not in gone}
        thing.attributes |= {label for label in other.attributes if label[0] == "mood"}
        thing.joy = other.joy
        yield new


def _with_item(said: Said, kinds: list[str], item: Label) -> Said | None:
    """Return what is said with a thing that one of them now wears or holds, in place of another; None: of whom?"""
    whom = _whom(said, kinds)
    if len(whom) != 1:
        return None
    new = copy.deepcopy(said)
    thing = new.things[whom[0]]
    gone = set(HELD) if item[0] in HELD else {item[0]}
    thing.items = [*(has for has in thing.items if has[0] not in gone), item]
    return new
