"""An edit's description keeps what its change is not about: sentences stand as they are, and no fact is lost.

A merge's description is read again and written again likewise, against what `assistant.llm.merging` expects of it.

A small model that changes a description of several things mixes them up: it says in its plan that it changes the dog,
and then describes the cat with the dog's new hat. So its patch (`assistant.llm.patching`) is held to the sentences that
are there and that the change may be about. And it drops things on the way: an old scarf when there is a new hat. So
what comes of it is read again and held against the description before; where something is lost, it writes the patch
again, and the one with the fewest faults is taken (best of several by a verifier, arXiv:2110.14168). The model still
writes every word that the change is about, and what that is follows from the change that it has written itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.llm.merging import faults_of_merge, is_possible
from assistant.llm.patching import NOW, WAS, descriptions, patched_in
from assistant.llm.reading import AT_ONCE, CONTRADICTS, WORD, message_of, was_asked_for
from captioner.reading import Fact, Label, Said, labels_in, read_caption
from captioner.world.scene import HELD, SUBJECTS
from captioner.world.words import KIND_SYNONYMS

if TYPE_CHECKING:
    from torch import Tensor

_TARGET = re.compile(r'"targets":\["(v[0-9]+)"\]')
_MERGED = re.compile(r'"targets":\["(v[0-9]+)","(v[0-9]+)"\]')
_CHANGE = re.compile(r'"change":"([^"]*)"')
_PROMPT = re.compile(r'"prompt":"')
_EDIT, _MERGE, _ASK = '{"act":"edit"', '{"act":"merge"', '{"act":"ask"'
_MERGE_OF, _EDIT_OF = f'{_MERGE},"targets":["', f'{_EDIT},"targets":["'
_END = re.compile(r"[.!?]$")
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_OTHERWISE = re.compile(r"^(?:add|remove|move|put|show|draw)\b")
"""Changes that may bring sentences, take some away, or tell of several things what they did not say before."""
SCENERY = frozenset({"place", "extra", "detail", "time", "weather", "style", "framing"})
_MOODY = frozenset({"mood", "joy", "pose"})
ALONE = frozenset({"time", "weather", "style", "framing"})
"""Of the scenery, what is told in a sentence of its own that neither comes nor goes."""


def kept_sentences(prompt: str, change: str) -> tuple[tuple[str, bool], ...] | None:
    """Return the sentences of a description, each with whether the change leaves it alone; None where nobody can tell.

    That is told only of descriptions of several things, each in a sentence of its own, as the rewriter writes them.
    """
    sentences = _SENTENCES.split(prompt.strip())
    labels = [labels_in(sentence) for sentence in sentences]
    if _OTHERWISE.match(change) or '"' in prompt or "\\" in prompt or not all(map(_END.search, sentences)):
        return None
    if len({at for at, each in enumerate(labels) if _is_of_things(each)}) < 2:
        return None
    asked = labels_in(_plain(change))
    if any(name == "number" for name, _ in asked):
        return None
    scenery = {name for name, _ in asked if name in SCENERY}
    kinds = {value for name, value in asked if name == "kind"} & {v for each in labels for n, v in each if n == "kind"}
    if kinds and not scenery:
        about = _about(labels, asked, kinds)
        kept = tuple((sentence, not is_about) for sentence, is_about in zip(sentences, about, strict=True))
        return kept if any(keep and _is_of_things(each) for (_, keep), each in zip(kept, labels, strict=True)) else None
    if scenery and scenery <= ALONE and not kinds:
        return tuple((sentence, _is_of_things(each)) for sentence, each in zip(sentences, labels, strict=True))
    return None


def _is_of_things(labels: list[Label]) -> bool:
    """Say whether a sentence tells of things and of nothing around them."""
    names = {name for name, _ in labels}
    return "kind" in names and not names & SCENERY


def _about(labels: list[list[Label]], asked: list[Label], kinds: set[str]) -> list[bool]:
    """Return which sentences are about what is asked: of several that tell of one kind, the one that fits best.

    A sentence that sets two things in relation tells of both, and is not the one that describes either.
    """
    named = [kinds & {value for name, value in each if name == "kind"} for each in labels]
    describing = [at for at, of in enumerate(named) if of and [name for name, _ in labels[at]].count("kind") == 1]
    about = {at for at, of in enumerate(named) if of and at not in describing}
    for kind in kinds:
        fits = {at: len(set(labels[at]) & set(asked)) for at in describing if kind in named[at]}
        best = {at for at in fits if fits[at] == max(fits.values())}
        about |= best if len(best) == 1 else set(fits)
    return [at in about for at in range(len(labels))]


NOT_DONE = 100
"""A description without what was asked for is worse than one that lost any number of facts."""
AGAIN = 7
"""How often a description is written again, at most."""
_PARTS = re.compile(r", (?:and )?| and ")
_REPLACED = re.compile(r"^replace .+ with ")
_SWAPPED = re.compile(r"^swap .+ for ")
_AWAY = re.compile(r"^take .+ (?:off|away)\b")
_ONE_OF_A_KIND = re.compile(rf"\bthe (?:\w+ )?({'|'.join(SUBJECTS)})(?:'s)?\b")
_MADE = re.compile(r"^(?:now |whole )?v(\d+)", re.MULTILINE)
_SPOKEN_OF = re.compile(r"(?:^|\b(?:in|of|from|on|to|with|and|combine|merge|blend|mix) )v ?(\d{1,4})\b")
"""A label where a picture is spoken of, and no engine: "a v8" is one."""
_BRINGS = re.compile(r"^(?:add|put|show|draw)\b")
_AGAIN_AND_AGAIN = re.compile(r"\b(\w.{11,}?)(?: \1){2}")
"""The same words three times in a row: a small model that does not find the end of a sentence."""
_MOODIER = re.compile(r"\b(?:happier|sadder|merrier|calmer)\b")
_SIZED = re.compile(r"\b(?:bigger|smaller|larger|tinier)\b")
_POSED = re.compile(r"\b(?:jump|wave|waving|jumping|stand|standing)\b")
_WHO = re.compile(rf"\bthe (?:[\w-]+ ){{0,2}}(?:{'|'.join(SUBJECTS)})\w*(?: on the (?:left|right))?")
_DENIED = re.compile(r"\b(?:no|not|without|off|away|remove|never|lose|drop|delete|leave|hide)\b|n['’]t\b")
_WITH = re.compile(r"^with(?:out)? (?:an? )?")
_ASKS_WHICH = f'"reply":"{CONTRADICTS}'
_WHICH = re.compile(rf'{_ASKS_WHICH}([^".]+?) and ([^".]+?){AT_ONCE.pattern} Which shall it be\?"')
_OF_ONE_VALUE = ("mood", "colour", "style", "place")
_OPPOSED = (
    ("happier", "sadder"),
    ("bigger", "smaller"),
    ("closer", "further"),
    ("morning", "daytime", "evening", "night"),
)


@dataclass
class Asked:
    """What a change is about: whose facts may come or go, which, and what has to be there, or no more, afterwards.

    `free` are names of attributes, items and scenery; `parts` are what has to be there and gone of a change of several.
    """

    kinds: list[str] = field(default_factory=list)
    free: set[str] = field(default_factory=set)
    there: list[Label] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    replaced: tuple[str, str] | None = None
    parts: tuple[Asked, ...] = ()


def asked_by(change: str) -> Asked | None:
    """Return what a change is about; None where its words do not tell."""
    parts = []
    for part in _PARTS.split(change):
        parts.append(Asked())
        if not _take(parts[-1], part):
            return None
    return Asked(
        kinds=[kind for part in parts for kind in part.kinds],
        free={name for part in parts for name in part.free},
        replaced=next((part.replaced for part in parts if part.replaced), None),
        parts=tuple(parts),
    )


def _take(asked: Asked, part: str) -> bool:
    """Add what one part of a change is about; say whether its words tell."""
    labels = labels_in(_plain(part))
    of = {name: [value for key, value in labels if key == name] for name, _ in labels}
    kinds, items, colours = (of.get(name, []) for name in ("kind", "item", "colour"))
    asked.kinds += kinds
    if _OTHERWISE.match(part):
        return False
    if _REPLACED.match(part) and len(kinds) == 2:
        asked.replaced = (kinds[0], kinds[1])
        asked.free |= {*_MOODY, "relations"}
    elif items:
        away = _AWAY.match(part) is not None
        swapped = _SWAPPED.match(part) is not None and len(items) == 2
        asked.gone += items[:1] if away or swapped else []
        asked.there += [] if away else [("item", items[-1]), *(("item colour", colour) for colour in colours[-1:])]
        asked.free |= {*items, *(HELD if set(items) & set(HELD) else ())}
    elif "mood" in of or _MOODIER.search(part):
        asked.free |= _MOODY
        asked.there += [("mood", value) for value in of.get("mood", [])[-1:]]
    elif _SIZED.search(part) or _POSED.search(part):
        asked.free |= {"size"} if _SIZED.search(part) else {"pose", "joy"}
    elif colours and kinds:
        asked.free |= {"colour", "relations"}
        asked.there.append(("colour", colours[-1]))
    elif (scenery := ALONE & of.keys()) and not kinds:
        asked.free |= scenery
        asked.there += [label for label in labels if label[0] in scenery]
    else:
        return False
    return True


def faults(before: str, after: str, change: str) -> int:
    """Return what is wrong with a description after a change: facts lost or got, and what it lacks of the change.

    Only what the world has words for is counted, and only of changes that are understood: 0 is no proof.
    """
    asked = asked_by(change)
    rambling = NOT_DONE if _AGAIN_AND_AGAIN.search(after) else 0
    if asked is None:
        return rambling
    old, new = read_caption(before), read_caption(after)
    if asked.replaced:
        if [thing.kind for thing in old.things].count(asked.replaced[0]) > 1:
            return rambling  # which of them is not told
        old = _renamed(old, *asked.replaced)
    lost, gained = old.facts() - new.facts(), new.facts() - old.facts()
    wrong = sum(number for fact, number in (lost + gained).items() if not _may_go(fact, asked))
    unchanged = asked.replaced is None and not lost and not gained
    return wrong + rambling + NOT_DONE * (unchanged or not all(_is_done(new, part) for part in asked.parts))


def _may_go(fact: Fact, asked: Asked) -> bool:
    """Say whether a fact may come or go: one of a thing that is asked about, or of the scenery, if it is free."""
    group, first, *more = fact
    if group == "relations":
        return group in asked.free
    if group == "counts" or (group == "objects" and not more):
        return False
    if first in SCENERY:
        return first in asked.free
    return (not asked.kinds or first in asked.kinds) and more[0] in asked.free


def _is_done(new: Said, asked: Asked) -> bool:
    """Say whether a description holds what a change asks for, as far as its labels tell."""
    things = [thing for thing in new.things if not asked.kinds or thing.kind in asked.kinds]
    if asked.replaced and asked.replaced[1] not in {thing.kind for thing in things}:
        return False
    had = {("item", kind) for thing in things for kind, _ in thing.items}
    had |= {("item colour", colour) for thing in things for _, colour in thing.items}
    had |= {label for thing in things for label in thing.attributes} | new.scenery | {("weather", "clear")}
    return set(asked.there) <= had and not {("item", kind) for kind in asked.gone} & had


def _renamed(said: Said, old: str, new: str) -> Said:
    """Return what is said, of another kind in place of one."""
    for thing in said.things:
        if thing.kind == old:
            thing.kind = new
    return said


def _plain(change: str) -> str:
    """Return a change with what belongs to somebody said of them: "the dog's hat" tells of a dog and a hat."""
    return re.sub(r"['’]s?\b(?= )", "", change)


def best_told(text: str, context: str, again: Callable[[str, int], str]) -> str:
    """Return a plan whose description has the fewest faults: this one, or one of those that are written again.

    Args:
        text: a whole plan; any that is not of an edit or a merge of versions that are described comes back as it is.
        again: writes a plan anew from its beginning, which is given, with the number of the try.
    """
    text = _possible(_sound(text, context, again), context, again)
    verifier = _verifier(text, context)
    if verifier is None:
        return text
    faults_of, at = verifier
    best, fewest = text, _faults_of(text, faults_of)
    for number in range(1, AGAIN + 1):
        if fewest == 0:
            break
        other = again(text[:at], number)
        found = _faults_of(other, faults_of)
        if found < fewest:
            best, fewest = other, found
    return best


def before_prompt(text: str) -> str:
    """Return what of a plan that is being written will stay: of an edit all before its description."""
    if text.startswith(_MERGE):
        return _MERGE
    prompt = _PROMPT.search(text)
    if text.startswith(_EDIT) and not prompt and not _CHANGE.search(text):
        return ""  # it may turn out to change what is not there
    return text[: prompt.end()] if prompt and text.startswith(_EDIT) else text


def missing_in(text: str, context: str) -> str:
    """Return the label of a picture that a message speaks of and that was never made, where a plan goes on from others
    instead or asks what is meant; else "". Pictures are numbered as they are made, and the newest is always shown.
    """
    if not text.startswith((_EDIT, _MERGE, _ASK)):
        return ""
    newest = max((int(number) for number in _MADE.findall(context)), default=0)
    named = (int(found[1]) for found in _SPOKEN_OF.finditer(message_of(context).lower()))
    return next((f"v{number}" for number in named if number > newest > 0), "")


def contradicts_itself(text: str) -> bool:
    """Tell whether a plan that is being written gives one thing two values of one attribute: red and blue, for one."""
    change = _CHANGE.search(text)
    if not text.startswith(_EDIT) or change is None:
        return False
    values: dict[tuple[str, ...], set[str]] = {}
    who, parts = "", _PARTS.split(change[1])
    if len(set(parts)) < len(parts):
        return True  # it took both for one
    for part in parts:
        if _REPLACED.match(part) or _SWAPPED.match(part) or _BRINGS.match(part):
            continue
        named = _WHO.search(part)
        who = named[0] if named else who
        labels = labels_in(_plain(_WHO.sub("", part)))
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
    parts = [part for part in _PARTS.split(change) if there and not _BRINGS.match(part)]
    named = [{value for name, value in labels_in(_plain(part)) if name == "kind"} for part in parts]
    return contradicts_itself(text) or any(kinds and kinds.isdisjoint(there) for kinds in named)


def _edited(text: str, context: str) -> tuple[re.Match[str], set[str]] | None:
    """Return where an edit says its change, and the kinds that its picture shows; None before it does."""
    change, target, described = _CHANGE.search(text), _TARGET.search(text), descriptions(context)
    if not text.startswith(_EDIT) or change is None or target is None or target[1] not in described:
        return None
    return change, {thing.kind for thing in read_caption(described[target[1]]).things}


def asks_needlessly(text: str, context: str) -> bool:
    """Tell whether a plan asks which of two values is meant though both can be, such as red and happy or a red cat and
    a blue dog, or though the message has no such two.
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


def _are_of_two(one: str, two: str, message: str) -> bool:
    """Tell whether a message says one value of one kind and the other of another: "the cat red and the dog blue"."""
    before, _, after = message.partition(one)
    between, has_both, _ = after.partition(two)
    kinds = [[value for name, value in labels_in(_plain(said)) if name == "kind"][-1:] for said in (before, between)]
    return bool(has_both and kinds[0] and kinds[1] and kinds[0] != kinds[1])


def _are_said(one: str, two: str, context: str) -> bool:
    """Tell whether two values are not the same, and the message says both: "without a hat" it says by any hat."""
    message = " ".join(WORD.findall(message_of(context).lower()))
    bare = [" ".join(WORD.findall(_WITH.sub("", value.lower()))) for value in (one, two)]
    is_of_one = bare[0] == bare[1] and one.startswith("without") == two.startswith("without")
    return not is_of_one and all(re.search(rf"\b{value}\b", message) for value in bare)


def _attributes(value: str) -> set[str]:
    """Return what a value is one of, in words: "red" of a colour, "happier" of a mood; none if that is not known."""
    names = {name for name, _ in labels_in(f"it is {value}.")}
    names |= {"mood"} if _MOODIER.search(value) else set()
    names |= {"size"} if _SIZED.search(value) else set()
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
    kinds = [value for name, value in labels_in(_plain(change[1])) if name == "kind"]
    if _BRINGS.match(change[1]) or not kinds or not there:
        return ""
    changed = kinds[:1] if _REPLACED.match(change[1]) else kinds
    return kinds[0] if there.isdisjoint(changed) else _named_alone(message_of(context).lower(), there, context)


def _named_alone(message: str, there: set[str], context: str) -> str:
    """Return what a message names that is not there nor was asked for, where it names nothing that is; else ""."""
    named = [found[1] for found in _ONE_OF_A_KIND.finditer(message)]
    others = {name for kind in there for name in (kind, *KIND_SYNONYMS.get(kind, ()))}
    if any(re.search(rf"\b{name}", message) for name in others):
        return ""
    return next((kind for kind in named if not was_asked_for(kind, context)), "")


def _sound(text: str, context: str, again: Callable[[str, int], str]) -> str:
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
    named = {value for name, value in labels_in(_plain(first)) if name == "kind"}
    others = there - named
    if first != second or len(named) != 1 or len(others) != 1:
        return ""
    begun, name, _ = f"{text[: change.start(1)]}{first} and {second}".rpartition(named.pop())
    return begun + others.pop() if name else ""  # a change may say "bunnies" of a bunny


def _possible(text: str, context: str, again: Callable[[str, int], str]) -> str:
    """Return a merge that takes what there is: this one, or the first of those that are planned again and do."""
    tries = 0
    other = text
    while (merge := _merge_in(other, context)) is None or not is_possible(*merge):
        if not text.startswith(_MERGE) or tries == AGAIN:
            return text
        tries += 1
        other = again(_MERGE_OF, tries)
    return other


def _merge_in(text: str, context: str) -> tuple[str, str, str] | None:
    """Return what both versions of a merge show and its change; None where it does not name two that are described."""
    change, targets, described = _CHANGE.search(text), _MERGED.search(text), descriptions(context)
    if not (text.startswith(_MERGE) and change and targets) or targets[1] == targets[2]:
        return None
    if not {targets[1], targets[2]} <= described.keys():
        return None
    return described[targets[1]], described[targets[2]], change[1]


def _faults_of(text: str, faults_of: Callable[[str], int]) -> int:
    try:
        return faults_of(str(json.loads(text)["prompt"]))
    except (ValueError, KeyError, TypeError):
        return 2 * NOT_DONE


def _verifier(text: str, context: str) -> tuple[Callable[[str], int], int] | None:
    """Return what counts the faults of a plan's description, and where that begins; None where nothing can."""
    told = _told(text, context)
    if told is not None:
        before, asked, at = told
        return lambda after: faults(before, after, asked), at
    prompt, merge = _PROMPT.search(text), _merge_in(text, context)
    if prompt is None or merge is None:
        return None
    first, second, change = merge

    def of_merge(after: str) -> int:
        rambling = NOT_DONE if _AGAIN_AND_AGAIN.search(after) else 0
        return rambling + (faults_of_merge(first, second, after, change) or 0)

    return of_merge, prompt.end()


def _told(text: str, context: str) -> tuple[str, str, int] | None:
    """Return the description that an edit goes on from, its change, and where its own description begins."""
    prompt, change = _PROMPT.search(text), _CHANGE.search(text)
    if prompt is None or change is None or not text.startswith(_EDIT):
        return None
    described, target = descriptions(context), _TARGET.search(text)
    label = target[1] if target else next(reversed(described), "")
    return (described[label], change[1], prompt.end()) if label in described else None


class HoldsPatch:
    """Holds the prompt of a plan that goes on from a description to a patch of it (`assistant.llm.patching`).

    A sentence as it was is one of those that are there, after the last one, and none that the change is not about. One
    for each answer: it goes along with it token by token.
    """

    def __init__(self, context: str, tokenizer: Any):
        self.tokenizer = tokenizer
        self.context = context
        self.was, self.now = (tokenizer.token_to_id(mark) for mark in (WAS, NOW))
        self._marks = [mark for mark in (self.was, self.now) if mark is not None]
        self.sentences: list[tuple[list[int], bool]] | None = None
        self.begun: int | None = None
        self.is_edit = False
        self._ends: list[int] | None = None

    def held(self, answer: list[int], logits: Tensor) -> Tensor:
        """Return the logits (V,) of the token after an answer, of which only those that may come are left."""
        if self.begun is None:
            text: str = self.tokenizer.decode(answer, skip_special_tokens=False)
            if not _PROMPT.search(text):
                return without(logits, self._marks)
            self.begun, self.sentences = len(answer), self._sentences(text)
        if self.sentences is None:
            return without(logits, self._marks)
        patch = answer[self.begun :]
        if not patch:
            return only(logits, [self.was])
        if not set(patch).isdisjoint(self._quotes()):
            return without(logits, self._marks)
        at = max(place for place, token in enumerate(patch) if token in (self.was, self.now))
        left = self._left(patch[:at])
        if patch[at] == self.was:
            said = patch[at + 1 :]
            fitting = [tokens for tokens, keeps in left if not keeps and tokens[: len(said)] == said]
            coming = {tokens[len(said)] if len(said) < len(tokens) else self.now for tokens in fitting}
            alone = patch == [self.was] and not self.is_edit
            return only(logits, [*coming, *(self._quotes() if alone else ())])
        left = self._left(patch)
        if not any(not keeps for _, keeps in left) or not self._is_whole(patch[at + 1 :]):
            logits = without(logits, [self.was])
        return without(logits, [self.now])

    def _left(self, patch: list[int]) -> list[tuple[list[int], bool]]:
        """Return the sentences that come after the last one that a patch has told of as it was."""
        assert self.sentences is not None
        start, at = 0, 0
        while self.now in patch[at:]:
            now = patch.index(self.now, at)
            was = max(place for place in range(now) if patch[place] == self.was)
            tokens = patch[was + 1 : now]
            start = next(i for i in range(start, len(self.sentences)) if self.sentences[i][0] == tokens) + 1
            at = now + 1
        return self.sentences[start:]

    def _is_whole(self, now: list[int]) -> bool:
        """Say whether what is written as it is now is empty or ends a sentence."""
        text: str = self.tokenizer.decode(now, skip_special_tokens=False)
        return not text or _END.search(text) is not None

    def _sentences(self, text: str) -> list[tuple[list[int], bool]] | None:
        """Return the sentences that there are to patch, as tokens, and whether the change leaves each alone."""
        sentences = patched_in(text, self.context)
        if sentences is None:
            return None
        self.is_edit = text.startswith(_EDIT)
        told = _told(text, self.context) if self.is_edit else None
        kept = kept_sentences(told[0], told[1]) if told else None
        keeps = [keep for _, keep in kept] if kept and len(kept) == len(sentences) else []
        keeps = keeps if not all(keeps) else [False] * len(sentences)
        encoded = (self.tokenizer.encode(sentence, add_special_tokens=False).ids for sentence in sentences)
        return list(zip(encoded, keeps, strict=True))

    def _quotes(self) -> list[int]:
        """Return the tokens that end a prompt."""
        if self._ends is None:
            vocabulary: dict[str, int] = self.tokenizer.get_vocab()
            self._ends = [token for text, token in vocabulary.items() if text.startswith('"}')]
        return self._ends


def only(logits: Tensor, tokens: list[int]) -> Tensor:
    """Return the logits with all others taken away."""
    import torch

    left = torch.full_like(logits, -float("inf"))
    left[tokens] = logits[tokens]
    return left


def without(logits: Tensor, tokens: list[int]) -> Tensor:
    """Return the logits with these taken away."""
    left = logits.clone()
    left[tokens] = -float("inf")
    return left
