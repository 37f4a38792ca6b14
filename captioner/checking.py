"""What a prompt demands, held against what the captioner sees: a checklist for a picture.

The captioner describes the picture, without having read the prompt; both texts are read with the world's words
(`captioner.reading`), and each thing demanded is compared with the thing of its kind that was seen. So a check is as
good as the captioner's eyes: `limner eval checks` says how good that is. What the world has no word for is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from captioner.pictures import read_picture
from captioner.reading import NO_WORDS, Reference, Said, SaidThing, labels_in, read_caption
from captioner.request import Captioner, Check, Checklist
from captioner.world import words

NEGATED = re.compile(r"\b(?:no|not|without|never|isn't|aren't)\b([^,;.!?]*)", re.IGNORECASE)
JOYS = ("jumping for joy", "with sunbeams", "with hearts and flowers")
UNSEEN = -1
"""The place of a thing that was not seen."""
SIDES = {side: phrases[0] for side, phrases in words.SIDE_WORDS.items()}


class CaptionChecker:
    """Checks pictures with any captioner that speaks of them in the world's words."""

    def __init__(self, captioner: Captioner):
        self.captioner = captioner

    def check(self, images: Sequence[bytes], prompt: str, removed: Sequence[str] = ()) -> list[Checklist]:
        """Return a checklist for each picture, as `Checker.check`."""
        demanded, unwanted = demands(prompt, removed)
        if not images or not checklist(demanded, unwanted, Said()):
            return [() for _ in images]
        return [checklist(demanded, unwanted, seen) for seen in self.see(images)]

    def see(self, images: Sequence[bytes]) -> list[Said]:
        """Return what is seen in each picture. Raises: CaptionerError: as `check`."""
        side = self.captioner.abilities().side
        captions = self.captioner.caption([read_picture(image, side) for image in images], "descriptive")
        return [read_caption(caption) for caption in captions]


def demands(prompt: str, removed: Sequence[str] = ()) -> tuple[Said, tuple[str, ...]]:
    """Return what a prompt says shall be seen, and the names of what shall not.

    What follows "no", "not" or "without", up to the next comma, is unwanted; a thing that is spoken of twice is one.
    """
    said = read_caption(NEGATED.sub(" ", prompt))
    denied = [value for clause in (*NEGATED.findall(prompt), *removed) for value in _nouns(clause)]
    said, denied = _each_once(said), list(dict.fromkeys(denied))
    named = {thing.kind for thing in said.things} | {kind for thing in said.things for kind, _ in thing.items}
    return said, tuple(name for name in denied if name not in named)


def checklist(demanded: Said, unwanted: Sequence[str], seen: Said) -> Checklist:
    """Return each thing demanded, in the order in which it is said, and whether it was seen."""
    matches = _matched(demanded.things, seen.things)
    found: list[Check] = []
    names = names_of(demanded.things)
    for place, thing in enumerate(demanded.things):
        match = seen.things[matches[place]] if place in matches else None
        found += _thing_checks(thing, match, names[place])
        found += _astray(thing, match, names[place], demanded.things)
    relations = seen.all_relations()
    for one, kind, two in sorted(demanded.relations, key=str):
        if kind == "right of":
            one, kind, two = two, "left of", one
        pair = (_in_seen(one, matches, seen), kind, _in_seen(two, matches, seen))
        what = f"{_called(one, names)} {words.RELATION_WORDS[kind][-1]} {_called(two, names)}"
        of = next((end for end, at in ((one, pair[0]), (two, pair[2])) if at == UNSEEN), one)
        found.append(Check(what, pair in relations, _called(of, names)))
    for label in sorted(demanded.scenery, key=_scenery_order):
        found.append(Check(_scenery_phrase(*label), label in seen.scenery))
    there = {thing.kind for thing in seen.things} | {kind for thing in seen.things for kind, _ in thing.items}
    there |= {value for _, value in seen.scenery}
    found += [Check(f"no {name}", name not in there) for name in unwanted]
    return tuple(dict.fromkeys(found))


def _thing_checks(thing: SaidThing, seen: SaidThing | None, name: str) -> Iterator[Check]:
    """Yield the checks of a thing; what is not there at all has no detail either."""
    kind = thing.kind
    yield Check(name, seen is not None)
    seen = seen or SaidThing(kind, count=0)
    if thing.count > 1 or seen.count > 1:
        many = words.plural(kind) if thing.count > 1 else kind
        yield Check(f"{words.NUMBERS[thing.count]} {many}", seen.count == thing.count, name)
    if thing.joy:
        yield Check(f"{name} {JOYS[thing.joy - 1]}", seen.joy >= thing.joy, name)
    for label, value in sorted(thing.attributes):
        if value == NO_WORDS.get(label):
            continue
        yield Check(_attribute_phrase(label, value, kind, name), (label, value) in seen.attributes, name)
    for item, colour in thing.items:
        shown = any(item == other and colour in ("", shade) for other, shade in seen.items)
        yield Check(f"{colour} {item} of the {name}".strip(), shown, name)


def _astray(thing: SaidThing, seen: SaidThing | None, name: str, demanded: Sequence[SaidThing]) -> Iterator[Check]:
    """Yield a check, which fails, of each item that a thing was seen with though another thing was to have it alone.

    An item that no thing was to have is not one: a prompt need not tell of everything.
    """
    if seen is None:
        return
    kinds = [item for item, _ in thing.items]
    of_others = {item for other in demanded if other is not thing for item, _ in other.items}
    for item, colour in dict.fromkeys(seen.items):
        if item in of_others and item not in kinds:
            yield Check(f"no {colour} {item} of the {name}".replace("  ", " "), False, name)


def _attribute_phrase(label: str, value: str, kind: str, name: str) -> str:
    match label:
        case "colour" | "size" | "pattern":
            return f"{value} {kind}"
        case "mood":
            return f"{words.MOOD_WORDS[int(value)][0]} {kind}"
        case "side":
            return f"{name} {SIDES[value]}"
        case "words":
            return f"the words “{value}”"
        case _:
            return f"{name} {value}"


def _scenery_phrase(label: str, value: str) -> str:
    return f"{value} view" if label == "framing" else words.STYLE_WORDS[value][0] if label == "style" else value


def _scenery_order(label: tuple[str, str]) -> tuple[int, str]:
    order = ("place", "extra", "time", "weather", "style", "framing")
    return order.index(label[0]), label[1]


def _matched(demanded: Sequence[SaidThing], seen: Sequence[SaidThing]) -> dict[int, int]:
    """Return which thing seen is which one demanded: of the same kind, the most alike first."""
    fits = sorted(
        (
            (_likeness(one, other), -place, -at)
            for place, one in enumerate(demanded)
            for at, other in enumerate(seen)
            if one.kind == other.kind
        ),
        reverse=True,
    )
    matches: dict[int, int] = {}
    for _, place, at in fits:
        if -place not in matches and -at not in matches.values():
            matches[-place] = -at
    return matches


def _likeness(one: SaidThing, other: SaidThing) -> int:
    return len(one.attributes & other.attributes) + len(set(one.items) & set(other.items)) + (one.count == other.count)


def _each_once(said: Said) -> Said:
    """Return what is said with each thing once: "a bunny … the bunny" are one, two of different colours are two."""
    kept: list[SaidThing] = []
    place_of: dict[Reference, Reference] = {}
    for place, thing in enumerate(said.things):
        same = next((at for at, other in enumerate(kept) if _may_be_same(other, thing)), None)
        if same is None:
            place_of[place] = len(kept)
            kept.append(SaidThing(thing.kind, thing.count, set(thing.attributes), list(thing.items), thing.joy))
            continue
        place_of[place] = same
        kept[same].attributes |= thing.attributes
        kept[same].items += [item for item in thing.items if item not in kept[same].items]
        kept[same].joy = max(kept[same].joy, thing.joy)
    relations = {(place_of.get(one, one), kind, place_of.get(two, two)) for one, kind, two in said.relations}
    return Said(kept, said.scenery, {each for each in relations if each[0] != each[2]}, said.details, said.unknown)


def _may_be_same(one: SaidThing, other: SaidThing) -> bool:
    mine, others = dict(one.attributes), dict(other.attributes)
    agree = all(mine[name] == others[name] for name in mine.keys() & others.keys())
    return one.kind == other.kind and agree and other.count in (1, one.count)


def _nouns(clause: str) -> list[str]:
    return [value for label, value in labels_in(clause) if label in ("kind", "item", "extra", "weather")]


def names_of(things: Sequence[SaidThing]) -> list[str]:
    """Return what each thing is called: its kind, and where there are several of it, its colour or side."""
    kinds = [thing.kind for thing in things]
    names = []
    for thing in things:
        name = thing.kind
        if kinds.count(thing.kind) > 1:
            side = thing.value("side")
            name = f"{thing.value('colour')} {thing.kind}".strip() if not side else f"{thing.kind} {SIDES[side]}"
        names.append(name)
    return names


def _called(one: Reference, names: Sequence[str]) -> str:
    return names[one] if isinstance(one, int) else one


def _in_seen(one: Reference, matches: dict[int, int], seen: Said) -> Reference:
    """Return the thing seen that a relation's end means."""
    if isinstance(one, int):
        return matches.get(one, UNSEEN)
    return next((place for place, thing in enumerate(seen.things) if thing.kind == one), UNSEEN)
