"""Wishes to change a picture, as people type them, with the change. Wider in words than `captioner.world.edits`.

Starts from the world's own edits and their phrasings, and adds more phrasings, more names for everything, things left
unsaid ("give it a hat"), several changes in one message, and changes that cannot be painted. Knows no plans, no model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.training import lexicon as lx
from assistant.training.ways_of_asking import (
    ALONE,
    CLAUSES,
    CLOSERS,
    CORES,
    DOING,
    FACE_WORDS,
    FRAMES,
    FURRY,
    GERUNDS,
    IN_PLACE_NOTE,
    JOINTS,
    KNOWN_ITEMS,
    MACROS,
    ONE_OF_KIND,
    OPENERS,
    PAWED,
    POLITE,
    TERSE,
    USES,
    WHEN,
)
from assistant.training.wishes import (
    DEFAULT_ITEM_COLOURS,
    choose,
    default_colour,
    is_held_out_pair,
    may_say,
    noun,
)
from captioner.errors import WorldError
from captioner.world import phrasings, words
from captioner.world.asking import fill, person_of
from captioner.world.captions import name_of
from captioner.world.changes import owner
from captioner.world.edits import EDITS, FOLLOWING, Edit, random_edit
from captioner.world.scene import FACED, FULL, MOODS, Relation, Scene, Thing, WorldSetting, is_held_out


@dataclass(frozen=True)
class Ask:
    """A message that asks for a change, and the change; `edit` is None where nothing can be painted.

    `act` is that of the answer where nothing is painted.
    """

    message: str
    edit: Edit | None
    removed: tuple[str, ...] = ()
    reply: str = ""
    act: str = "reply"


def random_ask(
    scene: Scene, rng: random.Random, setting: WorldSetting, previous: Edit | None = None, dev: bool = False
) -> Ask:
    """Return a wish for a change of the scene. `previous` is the edit that led to it, which "more" is about."""
    roll = rng.random()
    if roll < 0.035:
        return _cannot_hold(scene, rng, setting)
    if roll < 0.075:
        return _outside_swap(scene, rng, setting)
    if roll < 0.11:
        return _outside_place(scene, rng, setting)
    if roll < 0.14:
        return _nothing_to_remove(scene, rng, setting, dev)
    if roll < 0.15 and (already := _already(scene, rng, dev)):
        return already
    if roll < 0.23:
        return _several(scene, rng, setting, dev)
    if roll < 0.30 and (edit := _joined_by(scene, rng, setting)):
        return Ask(_say(edit, scene, rng, dev), edit)
    return _single(scene, rng, setting, previous, dev)


def _single(scene: Scene, rng: random.Random, setting: WorldSetting, previous: Edit | None, dev: bool) -> Ask:
    kinds = [k for k in EDITS if k != "undo"]
    if previous is not None and rng.random() < 0.12:
        kinds = ["more", "less"]
    elif rng.random() < 0.22:
        kinds = [
            "mood_up",
            "mood_up",
            "mood_up_lots",
            "mood_down",
            "set_mood",
            "recolour",
            "add_worn",
            "place",
            "style",
        ]
    for _ in range(8):
        try:
            edit = random_edit(scene, rng, setting, dict.fromkeys(kinds), previous=previous, held_out=dev)
        except WorldError:
            kinds = [k for k in EDITS if k not in FOLLOWING]
            continue
        if edit.kind == "less" and "back" in edit.instruction.lower():
            continue
        if is_held_out(edit.after) and not dev:
            continue
        edit = _natural(edit, rng, setting)
        message = edit.instruction if dev or rng.random() < 0.3 else _say(edit, scene, rng, dev)
        return Ask(_with_synonyms(message, edit, rng), edit, removed_of(edit))
    raise WorldError("no edit applies")


def said_of(
    scene: Scene, rng: random.Random, setting: WorldSetting, kinds: Sequence[str], dev: bool = False
) -> tuple[str, str]:
    """Return a message that asks for one of these kinds of change of a scene, and the kind of thing that it is about.

    Raises:
        WorldError: none of them applies.
    """
    edit = random_edit(scene, rng, setting, dict.fromkeys([rng.choice(kinds)]), held_out=dev)
    thing = scene.main if edit.target is None else scene.thing(edit.target)
    return (edit.instruction if dev or rng.random() < 0.3 else _say(edit, scene, rng, dev)), thing.kind


def said_as_clause(edit: Edit, rng: random.Random, dev: bool = False) -> str:
    """Return an edit in the wider words of this module, as a clause that may be joined with another."""
    return _say(edit, edit.before, rng, dev, clause=True)


def removed_of(edit: Edit) -> tuple[str, ...]:
    """Return what an edit takes out of the picture, in words."""
    if edit.kind in ("remove_worn", "remove_held"):
        return (edit.slots["items"],)
    if edit.kind == "remove_extra":
        return (edit.slots["extra"],)
    if edit.kind == "remove_thing":
        return (edit.slots["old_kind"],)
    if edit.kind == "weather_clear":
        return (edit.slots["weather"],)
    return ()


def _natural(edit: Edit, rng: random.Random, setting: WorldSetting) -> Edit:
    """Return the edit, at times with its colour left unsaid, which then is the usual one."""
    if edit.kind not in ("add_worn", "add_held") or rng.random() < 0.45 or edit.target is None:
        return edit
    before, after = edit.before.thing(edit.target), edit.after.thing(edit.target)
    old = {i.kind for i in before.worn}
    added = next((i for i in after.worn if i.kind not in old), None) if edit.kind == "add_worn" else after.held
    assert added is not None
    usual = replace(added, colour=DEFAULT_ITEM_COLOURS.get(added.kind, "red"))
    changed = replace(
        after,
        worn=tuple(usual if i == added else i for i in after.worn),
        held=usual if after.held == added else after.held,
    )
    name = words.plural(added.kind) if after.count > 1 else added.kind
    bare = name if after.count > 1 or name == "glasses" else words.article(name)
    coloured = edit.slots["an_item"]
    slots = {**edit.slots, "item": name, "an_item": bare, "colour": usual.colour}
    usual_words = f"{usual.colour} {name}" if after.count > 1 else words.item_words(usual.kind, usual.colour)
    clause = edit.change.replace(coloured, usual_words)
    instruction = (
        edit.instruction.replace(coloured, bare)
        if coloured in edit.instruction
        else _filled(rng.choice(CORES[edit.kind]), edit, slots, rng)
    )
    return replace(edit, after=edit.after.with_thing(changed), change=clause, slots=slots, instruction=instruction)


_BRIEFLY: dict[str, tuple[str, ...]] = {
    "time": ("{at_time}", "{at_time}", "at {time}"), "place": ("{in_place}", "{in_place}", "with {a_place} as background", "with {a_place} behind"), "weather": ("{in_weather}", "with {weather}", "when there is {weather}"),
    "weather_clear": ("without the {weather}", "without {weather}"), "add_worn": ("with {an_item}", "wearing {an_item}", "with {an_item} on", "in {an_item}"), "remove_worn": ("without the {items}", "without {items}", "with no {items}"),
    "recolour_worn": ("with {colour} {items}", "with the {items} in {colour}", "with the {items} {colour}"), "add_held": ("with {an_item}", "holding {an_item}", "with {an_item} in hand"), "remove_held": ("without the {items}", "with no {items}"),
    "recolour_held": ("with the {items} in {colour}", "with the {items} {colour}"), "replace_held": ("with {an_item} instead of the {items}", "holding {an_item} instead"),
    "style": ("in {style}", "as {a_style}", "in {style} style", "done in {style}"), "recolour": ("in {colour}", "with {thing} in {colour}", "in {colour} instead of {old_colour}"), "set_mood": ("with {thing} {mood}", "where {thing} is {mood}", "looking {mood}"),
    "add_extra": ("with {an_extra}", "with {an_extra} in it", "plus {an_extra}"), "remove_extra": ("without the {extra}", "with no {extra}"), "add_thing": ("with {a_new}", "with {a_new} next to it", "plus {a_new}", "with {a_new} too"),
    "replace_subject": ("with {a_kind} instead of {thing}", "with {a_kind}", "with {a_kind} instead"), "remove_thing": ("without {thing}",), "mood_up": ("with {thing} happier", "only happier", "but happier", "a bit happier"), "mood_down": ("with {thing} sadder", "but sadder", "a bit sadder"),
    "mood_up_lots": ("but much happier", "with {thing} a lot happier"), "bigger": ("with {thing} bigger", "but bigger"), "smaller": ("with {thing} smaller", "but smaller"), "closer": ("from closer up", "up close", "as a close-up"),
    "pose_jump": ("with {thing} jumping", "jumping"), "pose_wave": ("with {thing} waving", "waving"), "count_set": ("with {number} of them", "with {number} {kinds}"), "move": ("with {thing} on the {side}", "with {thing} more to the {side}"),
}  # fmt: skip
"""What is left of a wish where the version is named first: "v1 at night", "the first one with a hat"."""


def brief_of(edit: Edit, rng: random.Random) -> str | None:
    """Return an edit in a few words that can follow the name of a version; None for one that takes a sentence."""
    forms = _BRIEFLY.get(edit.kind)
    if forms is None:
        return None
    slots = _base_slots(edit, _wide_slots(edit, rng), rng)
    form = rng.choice(forms)
    if not all(slot in slots for slot in re.findall(r"\{(\w+)\}", form)):
        return None
    if edit.target is not None and len(edit.before.things) > 1 and "{thing}" not in form:
        return None
    text = _filled(form, edit, slots, rng)
    return None if _BAD_ARTICLE.search(text) else text


def spread(template: str) -> tuple[str, ...]:
    """Return every text that a template with "(a|b)" and capital words of `MACROS` stands for."""
    text = template.replace("BIT", MACROS["BIT"])
    text = re.sub(r"(?<![A-Z])[A-Z]{2,}(?![A-Z])", lambda m: MACROS.get(m[0], m[0]), text)
    tokens = iter([*re.findall(r"[()|]|[^()|]+", text), ")"])

    def group() -> list[str]:
        done: list[str] = []
        open_ = [""]
        for token in tokens:
            if token == ")":
                break
            if token == "|":
                done, open_ = done + open_, [""]
            else:
                ends = group() if token == "(" else [token]
                open_ = [start + end for start in open_ for end in ends]
        return done + open_

    return tuple(dict.fromkeys(re.sub(r" +", " ", text).strip() for text in group()))


Family = tuple[tuple[str, ...], bool]
"""The templates that one pattern stands for, and whether they are clauses, which words of politeness can go round."""


@cache
def _families(kind: str, *states: str) -> tuple[tuple[Family, ...], tuple[float, ...]]:
    """Return the families of a kind of edit and how often each is taken: a big one more often, but not by its size."""
    clauses, alone = list(CLAUSES.get(kind, ())), list(ALONE.get(kind, ()))
    for frame, filler in USES.get(kind, ()):
        for texts, into in zip(FRAMES[frame], (clauses, alone), strict=True):
            into += [_framed(text, filler) for text in texts]
    for state in states:
        more = WHEN.get(f"{kind}:{state}", ((), ()))
        clauses += more[0] * 2  # what fits just this change is what people say
        alone += more[1] * 2
    clauses += CORES.get(kind, ())
    alone += TERSE.get(kind, ())
    if kind in EDITS:
        clauses += _world_cores(kind)
    families = [(spread(text), True) for text in clauses] + [(spread(text), False) for text in alone]
    return tuple(families), tuple(len(texts) ** 0.5 for texts, _ in families)


def _framed(text: str, filler: str) -> str:
    old, _, new = filler.rpartition("=>")
    return re.sub(r"\bOLD\b", old, re.sub(r"\bX\b", f"({new})" if "|" in new else new, text))


def _states(edit: Edit) -> tuple[str, ...]:
    """Return what `WHEN` may know more words for: the new value, or the state before the change."""
    before, after, kind = edit.before, edit.after, edit.kind
    old = before.main if edit.target is None else before.thing(edit.target)
    new = next((t for t in after.things if t.id == old.id), None)
    if kind in ("mood_up", "mood_up_lots", "mood_down") and old.mood is not None:
        return (("sad", "sad", "calm", "happy", "top")[old.mood],)
    if kind == "set_mood" and new is not None and new.mood is not None and old.mood is not None:
        return MOODS[new.mood], f"{MOODS[new.mood]}:{'up' if new.mood > old.mood else 'down'}"
    if kind == "recolour":
        return ("furry",) if old.kind in FURRY else ()
    if kind in ("add_worn", "remove_worn") and new is not None:
        changed = {i.kind for i in old.worn} ^ {i.kind for i in new.worn}
        return tuple(changed)
    if kind == "weather_clear":
        return (before.weather, *(("day",) if before.time == "day" else ()))
    if kind == "add_extra":
        return tuple(set(after.extras) - set(before.extras))
    if kind == "move":
        return ("middle",) if edit.slots["side"] == "middle" else ("pair",) if len(before.things) > 1 else ()
    if kind in ("time", "weather", "style"):
        return (getattr(after, kind),)
    return ()


def _say(
    edit: Edit, scene: Scene, rng: random.Random, dev: bool, clause: bool = False, person: str | None = None
) -> str:
    """Return the edit in the wider words of this module; only a bare clause, to be joined with another, if so asked."""
    held_out = {t.lower() for t in EDITS[edit.kind].phrasings(True)} if edit.kind in EDITS else set()
    families, weights = _families(edit.kind, *_states(edit))
    slots = _base_slots(edit, _wide_slots(edit, rng), rng)
    for _ in range(200):
        texts, is_clause = rng.choices(families, weights)[0]
        template = rng.choice(texts)
        if (clause and not is_clause) or not may_say(template, dev) or not _fits(template, edit, slots, rng):
            continue
        said = template if clause else wrapped(template, is_clause, rng, dev)
        if said.lower() in held_out or template.lower() in held_out:
            continue
        text = _filled(said, edit, slots, rng, person)
        if not _BAD_ARTICLE.search(text):
            return text
    return edit.instruction


_BAD_ARTICLE = re.compile(
    r"\b(an?|the) (in|on|at|over|by|a|an|the|with) |\b(very|really|so|super) (very|really|so|super|extremely|incredibly) "
)


def _fits(template: str, edit: Edit, slots: dict[str, str], rng: random.Random) -> bool:
    """Tell whether a template says what the edit does and, where there are several things, to which."""
    scene = edit.before
    thing = scene.main if edit.target is None else scene.thing(edit.target)
    if not all(slot in slots for slot in re.findall(r"\{(\w+)\}", template)):
        return False
    if not thing.has_face and FACE_WORDS.search(template.replace("{", "").replace("}", "")):
        return False
    if re.search(r"\bpaw", template) and thing.kind not in PAWED:
        return False
    if "{whose}" in template and " on the " in slots["thing"]:
        return False
    if thing.count > 1 and "kinds_now" not in edit.slots and ONE_OF_KIND.search(template):
        return False
    return len(scene.things) < 2 or _names_it(template, edit, thing, rng)


def _names_it(template: str, edit: Edit, thing: Thing, rng: random.Random) -> bool:
    """Tell whether a template says which of several things it is about."""
    scene = edit.before
    first = re.search(r"\{(thing|whose|him|his|he|kind|old_kind)\}", template)
    if edit.target is None:  # about the scene, so none of its things stands for it
        return first is None or (edit.kind in ("closer", "wider", "add_extra") and first[1] == "thing")
    alike = sum(other.kind == thing.kind for other in scene.things) > 1
    if first and (first[1] in ("thing", "whose", "old_kind") or (first[1] == "kind" and not alike)):
        return True
    if ("{kind}" in template and alike) or thing.id != scene.main.id:
        return False
    items = {i.kind for other in scene.things if other is not thing for i in (*other.worn, other.held) if i}
    if {words_of for words_of in items if edit.slots.get("items", "").startswith(words_of)}:
        return False  # the other one has one too
    return rng.random() < (0.6 if edit.kind == "add_thing" else 0.3)


def _base_slots(edit: Edit, slots: dict[str, str], rng: random.Random) -> dict[str, str]:
    """Return the slots with what every template may use: other names of the thing, its owner's form, pronouns."""
    scene, kind = edit.before, edit.kind
    thing = scene.main if edit.target is None else scene.thing(edit.target)
    name, many = name_of(scene, thing), thing.count > 1
    noun = words.plural(thing.kind) if many else thing.kind
    if "kinds_now" not in slots and name == f"the {noun}" and kind != "remove_thing" and rng.random() < 0.3:
        others = lx.SAME_KINDS.get(thing.kind, ())
        if others and rng.random() < 0.6:
            other = rng.choice(others)
            noun = words.plural(other) if many else other
            name = f"the {noun}"
        else:
            name = f"the {thing.colour} {noun}"
    elif not many and len(scene.things) == 1 and thing.has_face and kind != "replace_subject" and rng.random() < 0.06:
        name = rng.choice(("the little guy", "this guy", "my friend", "the little one", "this one", "this little one"))
    singular = words.plural(thing.kind).removesuffix("s") if many and "kinds_now" not in slots else thing.kind
    items = slots.get("items", slots.get("extra", slots.get("old_kind", "")))
    plural = many if kind == "remove_thing" else kind != "weather_clear" and _is_plural(items)
    full = {
        **slots, "thing": name, "whose": owner(name, thing.count), "old_time": rng.choice(words.TIME_SAID[scene.time]),
        "those": "them" if plural else "it", "a_old": noun if many else words.article(noun),
        "him": "{him}", "his": "{his}", "he": "{he}", "kind": singular if "kinds_now" in slots else noun,
    }  # fmt: skip
    full.setdefault("old_kind", noun)
    if "old_pose" in slots:
        full["pose_verb"] = {"jumping": "jump", "waving": "wave", "standing": "stand"}[slots["old_pose"]]
    if kind in ("recolour_worn", "recolour_held"):
        colour = slots["colour"]
        full["a_colour_one"] = f"{colour} ones" if plural else words.article(f"{colour} one")
        full["colour_items"] = f"{colour} {items}" if plural else words.article(f"{colour} {items}")
    return full


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith("ss")


_VERBS = {
    "is": "are", "isn't": "aren't", "was": "were", "wasn't": "weren't", "has": "have", "does": "do", "doesn't": "don't",
    "goes": "go", "waves": "wave",
    **{f"{verb}s": verb for verb in ("look", "need", "seem", "deserve", "want", "feel", "smile", "jump", "leap", "hop", "stand", "belong", "bother", "say")},
}  # fmt: skip
_SUBJECT = r"(\{thing\}|\{he\}|(?:the|that|\{his\}|\{whose\}) \{(?:items|extra)\})"
_VERB_AFTER = re.compile(_SUBJECT + r" ((?:really |just |still |would )?)([a-z']+)")
_VERB_BEFORE = re.compile(r"\b(is|isn't|was|wasn't|does|doesn't|has) " + _SUBJECT)
_PARTS = re.compile(r"(\{his\}|\{whose\}) (face|head|hand|paw|neck|nose|smile|frown|mouth)\b")


def _agreeing(template: str, things: bool, items: bool) -> str:
    """Return the template with its verbs in the plural after what is more than one: a group, glasses, butterflies."""

    def many(subject: str) -> bool:
        return items if "{items}" in subject or "{extra}" in subject else things

    def after(found: re.Match[str]) -> str:
        verb = _VERBS.get(found[3], found[3]) if many(found[1]) else found[3]
        return f"{found[1]} {found[2]}{verb}"

    def before(found: re.Match[str]) -> str:
        return f"{_VERBS[found[1]] if many(found[2]) else found[1]} {found[2]}"

    text = _VERB_BEFORE.sub(before, _VERB_AFTER.sub(after, template))
    return _PARTS.sub(r"\1 \2s", text) if things else text


_ONCE = re.compile(
    r"\b(please|pls|plz|thanks|thank|thx|now|maybe|perhaps|also|and|but|too|just|think|so|only|instead|actually|then|as well|no|not|don't|try|let|let's|lets|i|rest|keep|nothing|for|me|us|this time|could|would|can|what if|you|sorry|i'd|same|like|why)\b"
)


def wrapped(template: str, is_clause: bool, rng: random.Random, dev: bool) -> str:
    """Return the template, half of the time with what people say before, round and after a wish."""
    if rng.random() < 0.5:
        return template
    text, said = template, set(_ONCE.findall(template))

    def around(options: tuple[str, ...], inner: str) -> str:
        wrap = choose(rng, options, dev)
        heard = set(_ONCE.findall(wrap))
        if heard & said or (wrap.endswith("?") and inner.endswith(("?", "!"))):
            return inner
        said.update(heard)
        if not wrap.endswith("{}"):
            inner = inner.removesuffix("?").removesuffix("!")
        return wrap.replace("{}", inner)

    roll = rng.random()
    first, _, rest = text.partition(" ")
    if is_clause and roll < 0.1 and first in GERUNDS and " and " not in text:
        text = around(DOING, f"{GERUNDS[first]} {rest}")
        if text.startswith(GERUNDS[first]):
            text = template
    elif is_clause and roll < 0.6:
        text = around(POLITE, text)
    if rng.random() < 0.45:
        text = around(OPENERS, text)
    if rng.random() < 0.3:
        text = around(CLOSERS, text)
    return text


def _world_cores(kind: str) -> tuple[str, ...]:
    return tuple(phrasings.PHRASINGS[kind].cores)


def _filled(template: str, edit: Edit, slots: dict[str, str], rng: random.Random, person: str | None = None) -> str:
    thing = edit.before.main if edit.target is None else edit.before.thing(edit.target)
    slots = {k: v for k, v in slots.items() if k not in ("him", "his", "he")}
    item = slots.get("items", slots.get("extra", ""))
    template = _agreeing(template, thing.count > 1, _is_plural(item))
    text = fill(template, edit.before, thing, slots, person or person_of(thing, rng))
    text = re.sub(r"\b(on|at) the middle\b", "in the middle", text)
    return text.replace("a some ", "some ")


def _wide_slots(edit: Edit, rng: random.Random) -> dict[str, str]:
    """Return the edit's slots with other names for the new values."""
    slots, after = dict(edit.slots), edit.after
    if edit.kind == "place":
        in_place = " ".join(words.PLACE_NAMES[after.place])
        slots["in_place"] = rng.choice(lx.SAME_PLACES.get(after.place, (in_place,))) if rng.random() < 0.6 else in_place
        slots["a_place"] = (
            slots["a_place"]
            if rng.random() < 0.6
            else "the " + slots["a_place"].removeprefix("a ").removeprefix("the ")
        )
    elif edit.kind == "time":
        at = words.TIME_AT[after.time]
        slots["at_time"] = rng.choice(lx.SAME_TIMES.get(after.time, at)) if rng.random() < 0.6 else rng.choice(at)
    elif edit.kind == "weather":
        slots["in_weather"] = rng.choice(lx.SAME_WEATHERS.get(after.weather, (f"with {slots['weather']}",)))
    elif edit.kind == "style":
        said = rng.choice(lx.SAME_STYLES.get(after.style, words.STYLE_SAID[after.style]))
        if said.startswith(("drawn ", "painted ", "sketchy", "cartoony", "hand-drawn")) or said.endswith(
            ("colours", "colors", "pencil", "pencils")
        ):
            said = rng.choice(words.STYLE_SAID[after.style])
        bare = said.removeprefix("an ").removeprefix("a ")
        slots["style"], slots["a_style"] = (
            bare,
            said if said.startswith(("a ", "an ")) else words.article(f"{bare} picture"),
        )
    elif edit.kind == "set_mood" and edit.target is not None:
        mood = after.thing(edit.target).mood
        assert mood is not None
        slots["mood"] = rng.choice(lx.SAME_MOODS[mood]) if rng.random() < 0.6 else slots["mood"]
    elif edit.kind in ("recolour", "recolour_worn", "recolour_held") and rng.random() < 0.15:
        slots["colour"] = rng.choice([c for c in lx.SAME_COLOURS[slots["colour"]] if c != "dark"])
    elif edit.kind in ("add_worn", "add_held", "replace_held") and rng.random() < 0.3:
        names = {**lx.SAME_WORN, **lx.SAME_HELD}
        for kind, others in names.items():
            if re.search(rf"\b{kind}$", slots["an_item"]):
                new = rng.choice(others)
                slots["item"], slots["an_item"] = (re.sub(rf"{kind}$", new, slots[k]) for k in ("item", "an_item"))
                slots["an_item"] = re.sub(r"^an? (.*)$", lambda m: words.article(m[1]), slots["an_item"])
                break
    elif edit.kind in ("remove_worn", "recolour_worn", "remove_held", "recolour_held") and rng.random() < 0.25:
        names = {**lx.SAME_WORN, **lx.SAME_HELD}
        if slots.get("items") in names:
            slots["items"] = rng.choice(names[slots["items"]])
    elif edit.kind == "add_extra":
        extra = next(iter(set(after.extras) - set(edit.before.extras)))
        slots["an_extra"] = rng.choice(lx.SAME_EXTRAS.get(extra, (slots["an_extra"],)))
    elif edit.kind == "replace_subject" and edit.target is not None and rng.random() < 0.3:
        thing = after.thing(edit.target)
        if thing.count == 1 and slots["new_kind"] == thing.kind and thing.kind in lx.SAME_KINDS:
            new = rng.choice(lx.SAME_KINDS[thing.kind])
            slots["new_kind"], slots["a_kind"] = new, words.article(new)
    return slots


def _with_synonyms(message: str, edit: Edit, rng: random.Random) -> str:
    """Return the message with the subject under another name, at times."""
    if rng.random() > 0.15:
        return message
    thing = edit.before.main if edit.target is None else edit.before.thing(edit.target)
    name = name_of(edit.before, thing)
    if thing.count > 1 or name != f"the {thing.kind}":
        return message
    names = [f"the {n}" for n in lx.SAME_KINDS.get(thing.kind, ())]
    if thing.has_face and len(edit.before.things) == 1:
        names += [
            "the little guy",
            "this guy",
            "the character",
            "my friend",
            "this one",
            "the little one",
            "the poor thing",
        ]
    new = rng.choice(names) if names else name
    return re.sub(rf"\b{re.escape(name)}\b(?!')", new, message)


def _joined_by(scene: Scene, rng: random.Random, setting: WorldSetting) -> Edit | None:
    """A second thing beside one that stands in the middle, or a colour left unsaid: the first one makes room."""
    main = scene.main
    if len(scene.things) > 1 or main.count > 1:
        return None
    kind = rng.choice([s for s in setting.subjects if s != main.kind and s != "sign"])
    colour = default_colour(kind)
    said_colour = rng.random() < 0.4
    if said_colour:
        colour = rng.choice([c for c in setting.colours if not is_held_out_pair(kind, c)])
    side = (
        rng.choice(("left", "right"))
        if main.side == "middle" and rng.random() < 0.3
        else {"left": "right"}.get(main.side, "left")
    )
    if main.side == "middle" and side == "left" and rng.random() < 0.7:
        side = "right"
    own = "left" if side == "right" else "right"
    other = Thing(main.id + 1, kind, colour, mood=3 if kind in FACED else None, side=side)
    after = replace(
        scene, things=(replace(main, side=own), other), relations=(Relation(f"{own} of", main.id, other.id),)
    )
    if is_held_out(after) and not is_held_out(scene):
        return None
    full = words.article(f"{colour} {kind}")
    said = words.article(" ".join([*([colour] if said_colour else []), noun(kind, rng)]))
    region = "the whole picture" if main.side != own else f"the space on the {side}"
    slots = {"a_new": said, "side": side}
    return Edit("add_thing", scene, after, f"add {said}", f"add {full} on the {side}", region, slots, main.id)


def _several(scene: Scene, rng: random.Random, setting: WorldSetting, dev: bool) -> Ask:
    """Two changes in one message."""
    kinds = [k for k in EDITS if k not in (*FOLLOWING, "closer", "wider", "undo")]
    first = _natural(random_edit(scene, rng, setting, kinds, held_out=dev), rng, setting)
    others = [k for k in kinds if _family(k) != _family(first.kind) and _family(k) != "things"]
    try:
        second = _natural(random_edit(first.after, rng, setting, others, held_out=dev), rng, setting)
    except WorldError:
        second = None
    if second is None or _is_of_two(first, second) or (is_held_out(second.after) and not dev):
        return Ask(_say(first, scene, rng, dev), first, removed_of(first))
    person = person_of(scene.main, rng)
    one, two = (
        _say(edit, edit.before, rng, dev, clause=True, person=None if edit.target != scene.main.id else person)
        for edit in (first, second)
    )
    text = wrapped(one + rng.choice(JOINTS) + two, True, rng, dev)
    return joined(first, second, text)


def _is_of_two(first: Edit, second: Edit) -> bool:
    """Tell whether each of two edits is about a thing, and not about the same."""
    return None not in (first.target, second.target) and first.target != second.target


def joined(first: Edit, second: Edit, message: str) -> Ask:
    """Return two changes, the second of what comes of the first, as one that a message asks for."""
    region = first.region if first.region == second.region else f"{first.region} and {second.region}"
    if "the whole picture" in region:
        region = "the whole picture"
    both = replace(
        first,
        after=second.after,
        change=f"{first.change} and {second.change}",
        region=region,
        instruction=message,
        kind="several",
    )
    return Ask(message, both, removed_of(first) + removed_of(second))


def _family(kind: str) -> str:
    """Return what a kind of edit is about; two of one family would contradict each other."""
    if kind in (
        "remove_thing",
        "replace_subject",
        "count_set",
        "just_one",
        "count_down",
        "count_up",
        "move",
        "add_thing",
    ):
        return "things"
    if kind in ("bigger", "smaller"):
        return "size"
    return next(
        (part for part in ("mood", "worn", "held", "pose", "weather", "extra", "pattern") if part in kind), kind
    )


def _cannot_hold(scene: Scene, rng: random.Random, setting: WorldSetting) -> Ask:
    """Something that can be neither worn nor held: nothing is painted, and the reply says so."""
    known = (
        {name for names in (*lx.SAME_WORN.values(), *lx.SAME_HELD.values()) for name in names}
        | set(setting.worn)
        | set(setting.held)
    )
    item = rng.choice([i for i in lx.ITEMS if i not in known])
    said = item if item.endswith("s") or item in ("ice cream", "coffee") else words.article(item)
    name = name_of(scene, scene.main)
    forms = (f"give {name} {said}", f"give it {said}", f"add {said}", f"put {said} on it", f"let it wear {said}", f"make it hold {said}", f"with {said}",
             f"it needs {said}", f"can {name} have {said}?", f"have {name} hold {said}", f"add {said} to {name}", f"can you add {said}", f"please add {said}",
             f"he should have {said}", f"i want it to wear {said}", f"now with {said}", f"give him {said} to hold", f"dress {name} in {said}")  # fmt: skip
    listed = words.listed([words.plural(k) if not k.endswith("s") else k for k in (*setting.worn, *setting.held)])
    return Ask(rng.choice(forms), None, reply=KNOWN_ITEMS.format(what=said, known=listed))


def _outside_swap(scene: Scene, rng: random.Random, setting: WorldSetting) -> Ask:
    """The subject turned into something that cannot be painted: the nearest takes its place."""
    thing = scene.main
    taken = {name for names in lx.SAME_KINDS.values() for name in names} | set(setting.subjects)
    pool = [w for w in (*lx.NOUNS, *lx.FULL_KINDS) if w not in taken and not w.startswith(("my ", "the "))]
    for _ in range(20):
        said = rng.choice(pool)
        kind = lx.nearest_kind(said, setting)
        if (
            kind is None
            or kind == thing.kind
            or (kind in FACED) != thing.has_face
            or thing.count > 1
            or is_held_out_pair(kind, thing.colour)
        ):
            continue
        a_kind = words.article(kind)
        edit = Edit("replace_subject", scene, scene.with_thing(replace(thing, kind=kind)), "", f"replace {name_of(scene, thing)} with {a_kind}",
                    name_of(scene, thing), {"a_kind": words.article(said), "new_kind": said}, thing.id)  # fmt: skip
        reply = IN_PLACE_NOTE.format(what=words.article(said), instead=a_kind)
        return Ask(
            _say(replace(edit, instruction=f"turn it into {words.article(said)}"), scene, rng, False), edit, reply=reply
        )
    return _single(scene, rng, setting, None, False)


def _outside_place(scene: Scene, rng: random.Random, setting: WorldSetting) -> Ask:
    said = rng.choice(
        [p for p in lx.PLACES if lx.nearest_place(p, setting)] + [p for p in lx.FULL_PLACES if p not in setting.places]
    )
    place = lx.nearest_place(said, setting)
    if place is None or place == scene.place:
        return _single(scene, rng, setting, None, False)
    named = said.title() if rng.random() < 0.4 else said
    if said in FULL.places:
        lead, named = words.PLACE_NAMES[said]
    else:
        lead = rng.choice(("in", "in", "at", "on"))
    inside = place == "room"
    after = replace(
        scene, place=place, weather="clear" if inside else scene.weather, extras=() if inside else scene.extras
    )
    slots = {"place": said, "a_place": named, "in_place": f"{lead} {named}"}
    a_place = words.PLACE_NAMES[place][1]
    edit = Edit(
        "place", scene, after, f"put it {lead} {named}", f"change the place to {a_place}", "the background", slots
    )
    template = rng.choice([t for t in (*CORES["place"], *TERSE["place"]) if may_say(t, False)])
    message = _filled(wrapped(template, False, rng, False), edit, slots, rng)
    return Ask(message, edit, reply=IN_PLACE_NOTE.format(what=named, instead=a_place))


ABSENT = (
    "remove the {item}", "take off the {item}", "no {item}", "no {item} please", "no {item}!", "get rid of the {item}", "make the {item} {colour}", "without the {item}", "without {a}", "take away the {item}", "can you remove the {item}?",
    "remove its {item}", "lose the {item} please", "no {item}, please", "there should be no {item}", "i don't want {a}", "i don't want the {item}", "drop the {item}", "delete the {item}", "please no {item}", "leave the {item} out", "not with {a}",
    "erase the {item}", "it shouldn't have {a}", "take the {item} off", "the {item} must go", "can we lose the {item}?", "the {item} should be {colour}", "a {colour} {item} instead of that {item}", "paint the {item} {colour}", "change the {item} to {colour}",
    "can it be without the {item}?", "put away the {item}", "hide the {item}", "same but no {item}", "get rid of its {item}", "the {item} has to go",
)  # fmt: skip
ALONE_ALREADY = (
    "just one", "just one please", "only one", "only one please", "just one {kind}", "only one {kind}", "just one {kind} please", "one {kind} only", "i only want one", "i want just one", "i just want one {kind}", "make it just one", "make it only one", "leave only one",
    "there should be just one", "a single {kind}", "a single one", "one is enough", "just the one", "only the one", "one {kind}, not more", "not more than one", "keep just one", "just one of them", "can there be just one?", "reduce it to one", "show only one {kind}",
)  # fmt: skip
WEATHER_INSIDE = (
    "{w}", "{w} please", "let it {verb}", "make it {verb}", "add {w}", "add some {w}", "i want {w}", "with {w}", "it should {verb}", "can it {verb}?", "can you make it {verb}?", "let there be {w}", "put some {w} in", "{w} would be nice", "make it {adjective}", "{adjective} weather please",
    "change the weather to {w}", "it should be {verb}ing", "have it {verb}", "now with {w}", "some {w} falling", "and {w}", "let {w} fall",
)  # fmt: skip
INSIDE_REPLY = "There is no {what} indoors. Tell me a place outside, such as a forest, and it can {verb} there."


def _already(scene: Scene, rng: random.Random, dev: bool) -> Ask | None:
    """What is so already: "just one" of one, or weather in a room; nothing is painted, and the reply says so."""
    main = scene.main
    if scene.place == "room" and rng.random() < 0.7:
        what = rng.choice(("snow", "rain"))
        text = choose(rng, WEATHER_INSIDE, dev).format(w=what, verb=what, adjective=f"{what}y")
        return Ask(text, None, reply=INSIDE_REPLY.format(what=what, verb=what))
    if len(scene.things) == 1 and main.count == 1:
        text = choose(rng, ALONE_ALREADY, dev).format(kind=noun(main.kind, rng))
        return Ask(text, None, reply=f"There is only one {main.kind} in this picture already.")
    return None


def _nothing_to_remove(scene: Scene, rng: random.Random, setting: WorldSetting, dev: bool) -> Ask:
    worn = {i.kind for t in scene.things for i in t.worn} | {t.held.kind for t in scene.things if t.held}
    absent = [k for k in (*setting.worn, *setting.held, *setting.extras) if k not in {*worn, *scene.extras}]
    if not absent:
        return _single(scene, rng, setting, None, dev)
    item = rng.choice(absent)
    many = item in ("glasses", "butterflies")
    text = choose(rng, ABSENT, dev).format(
        item=item, a=item if many else words.article(item), colour=rng.choice(setting.colours)
    )
    text = text.replace(f"that {item}", f"those {item}") if many else text
    return Ask(text, None, reply=f"There {'are' if many else 'is'} no {item} in this picture to change.")
