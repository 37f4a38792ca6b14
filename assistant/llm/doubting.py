"""Plans that cannot be meant: they contradict themselves, are about nobody there, ask needlessly or do not ask.

What a plan that is being written says is held against the message and against what the picture is described to show;
whoever decodes (`assistant.llm.embedded`) has the plan written again, by the model, as another kind of answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.llm.patching import descriptions
from assistant.llm.reading import AT_ONCE, CONTRADICTS, NONE_SUCH, WORD, message_of, was_asked_for
from assistant.llm.written import (
    AGAIN,
    CHANGE,
    EDIT,
    MERGE,
    MOODIER,
    PARTS,
    REPLACED,
    SIZED,
    SWAPPED,
    TARGET,
    labels_of,
)
from captioner.reading import read_caption
from captioner.world.scene import SUBJECTS
from captioner.world.words import KIND_SYNONYMS, STYLE_SAID

_ASK = '{"act":"ask"'
_EDIT_OF = f'{EDIT},"targets":["'
_ONE_OF_A_KIND = re.compile(rf"\bthe (?:\w+ )?({'|'.join(SUBJECTS)})(?:'s)?\b")
_MADE = re.compile(r"^(?:now |whole )?v(\d+)", re.MULTILINE)
_SPOKEN_OF = re.compile(r"(?:^|\b(?:in|of|from|on|to|with|and|combine|merge|blend|mix) )v ?(\d{1,4})\b")
"""A label where a picture is spoken of, and no engine: "a v8" is one."""
_BRINGS = re.compile(r"^(?:add|put|show|draw)\b")
_WHO = re.compile(rf"\bthe (?:[\w-]+ ){{0,2}}(?:{'|'.join(SUBJECTS)})\w*(?: on the (?:left|right))?")
_DENIED = re.compile(r"\b(?:no|not|without|off|away|remove|never|lose|drop|delete|leave|hide)\b|n['’]t\b")
_TAKEN_BACK = re.compile(
    r"[.,!;-] *(?:(?:oh|ah|hmm|well|but)[, ]+)?(?:no|nope|wait|actually|sorry|rather|oops|correction|i mean|i meant|"
    r"better|scratch that|forget that|not that|on second thought|change of mind|make that)\b"
)
"""What people say, after a stop, to take back what they have just said."""
_STYLED = re.compile(rf"\b(?:{'|'.join(said for others in STYLE_SAID.values() for said in others)})\b")
_WITH = re.compile(r"^with(?:out)? (?:an? )?")
_ASKS_WHICH = f'"reply":"{CONTRADICTS}'
_WHICH = re.compile(rf'{_ASKS_WHICH}([^".]+?) and ([^".]+?){AT_ONCE.pattern} Which shall it be\?"')
_RETURN = '{"act":"return"'
_CALLED_BY = ("item", "colour", "place", "extra", "time", "weather", "style")
_CALLS = re.compile(
    r"\b(?:the|that) (?:one|version|picture|image|pic|drawing) (?:with|in|at|on|where|that|when|of|by)\b"
)
_PLACED = re.compile(
    r"\b(?:v ?\d+|first|second|third|fourth|last|latest|newest|earliest|oldest|previous|before|original|and)\b"
)
_CHANGES = re.compile(r"^(?:now |whole )?(v\d+) < v\d+: (.+)$", re.MULTILINE)
_NOW = re.compile(r"^now (v\d+)", re.MULTILINE)
_TAKES = re.compile(r"^(?:take|remove)\b")
_OF_ONE_VALUE = ("mood", "colour", "style", "place")
_OPPOSED = (
    ("happier", "sadder"),
    ("bigger", "smaller"),
    ("closer", "further"),
    ("morning", "daytime", "evening", "night"),
)


def missing_in(text: str, context: str) -> str:
    """Return the label of a picture that a message speaks of and that was never made, where a plan goes on from others
    instead or asks what is meant; else "". Pictures are numbered as they are made, and the newest is always shown.
    """
    if not text.startswith((EDIT, MERGE, _ASK)):
        return ""
    newest = max((int(number) for number in _MADE.findall(context)), default=0)
    named = (int(found[1]) for found in _SPOKEN_OF.finditer(message_of(context).lower()))
    return next((f"v{number}" for number in named if number > newest > 0), "")


def contradicts_itself(text: str) -> bool:
    """Tell whether a plan that is being written gives one thing two values of one attribute: red and blue, for one."""
    change = CHANGE.search(text)
    if not text.startswith(EDIT) or change is None:
        return False
    values: dict[tuple[str, ...], set[str]] = {}
    who, parts = "", PARTS.split(change[1])
    if len(set(parts)) < len(parts):
        return True  # it took both for one
    for part in parts:
        if REPLACED.match(part) or SWAPPED.match(part) or _BRINGS.match(part):
            continue
        named = _WHO.search(part)
        who = named[0] if named else who
        labels = labels_of(_WHO.sub("", part))
        items = tuple(value for name, value in labels if name == "item")
        said = [label for label in labels if label[0] in _OF_ONE_VALUE]
        said += [(" or ".join(of), word) for of in _OPPOSED for word in of if re.search(rf"\b{word}\b", part)]
        for name, value in said:
            values.setdefault((name, who, *items), set()).add(value)
    return any(len(several) > 1 for several in values.values())


def is_astray(text: str, context: str) -> bool:
    """Tell whether an edit contradicts itself, or changes one whom its picture shows and another whom it does not."""
    edited = _edited(text, context)
    if edited is None:
        return False
    change, there = edited[0][1], edited[1]
    parts = [part for part in PARTS.split(change) if there and not _BRINGS.match(part)]
    named = [{value for name, value in labels_of(part) if name == "kind"} for part in parts]
    return contradicts_itself(text) or any(kinds and kinds.isdisjoint(there) for kinds in named)


def asks_needlessly(text: str, context: str) -> bool:
    """Tell whether a plan asks which of two values is meant though both can be, such as red and happy or a red cat and
    a blue dog, or though the message has no such two, or takes one of them back.
    """
    found = _WHICH.search(text)
    if found is None:
        return _ASKS_WHICH in text
    one, two = (_attributes(value) for value in found.groups())
    message = message_of(context).lower()
    if found[2].startswith("without ") and not _DENIED.search(message):
        return True
    return (
        _are_of_two(found[1], found[2], message)
        or _is_corrected(found[1], found[2], message)
        or not _are_said(found[1], found[2], context)
        or bool(one and two and one.isdisjoint(two))
    )


def best_asked(text: str, context: str, again: Callable[[int], str]) -> str:
    """Return a question which of two values is meant with two of the message: this one, or one that is written again.

    Args:
        again: writes such a question anew, with the number of the try.
    """
    tries = 0
    asked = text
    while _ASKS_WHICH in asked and tries < AGAIN:
        found = _WHICH.search(asked)
        if found is not None and _are_said(found[1], found[2], context):
            return asked
        tries += 1
        asked = again(tries)
    return text


def called_alike(context: str) -> list[str]:
    """Return the labels of older pictures that a message calls alike: "the one with the hat" is each where one came in.

    None where it names a place in the row, or where no two are.
    """
    message, now = message_of(context).lower(), _NOW.search(context)
    wanted = {label for label in labels_of(message) if label[0] in _CALLED_BY}
    if not wanted or not _CALLS.search(message) or _PLACED.search(message):
        return []
    came_in = [
        label for label, change in _CHANGES.findall(context)
        if (now is None or label != now[1]) and not _TAKES.match(change) and wanted <= set(labels_of(change))
    ]  # fmt: skip
    return came_in if len(came_in) > 1 else []


def takes_one_of(text: str, labels: Sequence[str]) -> bool:
    """Tell whether a plan goes to one of several pictures that are called alike, or says that there is none such."""
    target = TARGET.search(text)
    takes = text.startswith((EDIT, _RETURN)) and target is not None and target[1] in labels
    return takes or bool(labels and NONE_SUCH in text)


def _are_of_two(one: str, two: str, message: str) -> bool:
    """Tell whether a message says one value of one kind and the other of another: "the cat red and the dog blue"."""
    before, _, after = message.partition(one)
    between, has_both, _ = after.partition(two)
    kinds = [[value for name, value in labels_of(said) if name == "kind"][-1:] for said in (before, between)]
    return bool(has_both and kinds[0] and kinds[1] and kinds[0] != kinds[1])


def _is_corrected(one: str, two: str, message: str) -> bool:
    """Tell whether a message takes one value back for the other: "red, no, blue"."""
    _, _, after = message.partition(one)
    between, has_both, _ = after.partition(two)
    return bool(has_both and _TAKEN_BACK.search(between))


def _are_said(one: str, two: str, context: str) -> bool:
    """Tell whether two values are not the same, and the message says both: "without a hat" it says by any hat."""
    message = " ".join(WORD.findall(message_of(context).lower()))
    bare = [" ".join(WORD.findall(_WITH.sub("", value.lower()))) for value in (one, two)]
    is_of_one = bare[0] == bare[1] and one.startswith("without") == two.startswith("without")
    return not is_of_one and all(re.search(rf"\b{value}\b", message) for value in bare)


def _attributes(value: str) -> set[str]:
    """Return what a value is one of, in words: "red" of a colour, "happier" of a mood; none if that is not known."""
    names = {name for name, _ in labels_of(f"it is {value}.")} | {"style" for _ in _STYLED.finditer(value)}
    names |= {"mood"} if MOODIER.search(value) else set()
    names |= {"size"} if SIZED.search(value) else set()
    return names - {"colour"} if "item" in names else names


def stranger_in(text: str, context: str) -> str:
    """Return whom a plan that is being written is about though the picture it goes on from does not show them; else "".

    That is one whose change the plan says, or whom the message names and no other: "give the giraffe a hat" of a frog.
    Nothing is said of changes that bring something, nor before the change is written.
    """
    edited = _edited(text, context)
    if edited is None:
        return ""
    change, there = edited
    kinds = [value for name, value in labels_of(change[1]) if name == "kind"]
    if _BRINGS.match(change[1]) or not kinds or not there:
        return ""
    changed = kinds[:1] if REPLACED.match(change[1]) else kinds
    return kinds[0] if there.isdisjoint(changed) else _named_alone(message_of(context).lower(), there, context)


def _named_alone(message: str, there: set[str], context: str) -> str:
    """Return what a message names that is not there nor was asked for, where it names nothing that is; else ""."""
    named = [found[1] for found in _ONE_OF_A_KIND.finditer(message)]
    others = {name for kind in there for name in (kind, *KIND_SYNONYMS.get(kind, ()))}
    if any(re.search(rf"\b{name}", message) for name in others):
        return ""
    return next((kind for kind in named if not was_asked_for(kind, context)), "")


def sound(text: str, context: str, again: Callable[[str, int], str]) -> str:
    """Return an edit that does not go astray: this one, or the first of those planned again that does not.

    One that says the same of one thing twice is begun again with the other thing that there is.
    """
    tries, other = 0, text
    while is_astray(other, context) and tries < AGAIN:
        tries += 1
        other = again(_of_the_other(other, context) or _EDIT_OF, tries)
    return text if is_astray(other, context) else other


def _of_the_other(text: str, context: str) -> str:
    """Return how an edit begins that says of two things what this one says of one twice; "" where it does not."""
    edited = _edited(text, context)
    if edited is None:
        return ""
    change, there = edited
    first, _, second = change[1].partition(" and ")
    named = {value for name, value in labels_of(first) if name == "kind"}
    others = there - named
    if first != second or len(named) != 1 or len(others) != 1:
        return ""
    begun, name, _ = f"{text[: change.start(1)]}{first} and {second}".rpartition(named.pop())
    return begun + others.pop() if name else ""  # a change may say "bunnies" of a bunny


def _edited(text: str, context: str) -> tuple[re.Match[str], set[str]] | None:
    """Return where an edit says its change, and the kinds that its picture shows; None before it does."""
    change, target, described = CHANGE.search(text), TARGET.search(text), descriptions(context)
    if not text.startswith(EDIT) or change is None or target is None or target[1] not in described:
        return None
    return change, {thing.kind for thing in read_caption(described[target[1]]).things}
