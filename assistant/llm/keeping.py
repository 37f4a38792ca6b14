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
from typing import TYPE_CHECKING, Any

from assistant.llm.doubting import sound
from assistant.llm.faults import AGAIN_AND_AGAIN, ALONE, NOT_DONE, OTHERWISE, SCENERY, faults
from assistant.llm.merging import faults_of_merge, is_possible
from assistant.llm.patching import NOW, WAS, descriptions, patched_in
from assistant.llm.written import (
    AGAIN,
    CHANGE,
    EDIT,
    MERGE,
    TARGET,
    labels_of,
)
from captioner.reading import Label, labels_in

if TYPE_CHECKING:
    from torch import Tensor

_MERGED = re.compile(r'"targets":\["(v[0-9]+)","(v[0-9]+)"\]')
_PROMPT = re.compile(r'"prompt":"')
_MERGE_OF = f'{MERGE},"targets":["'
_END = re.compile(r"[.!?]$")
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def kept_sentences(prompt: str, change: str) -> tuple[tuple[str, bool], ...] | None:
    """Return the sentences of a description, each with whether the change leaves it alone; None where nobody can tell.

    That is told only of descriptions of several things, each in a sentence of its own, as the rewriter writes them.
    """
    sentences = _SENTENCES.split(prompt.strip())
    labels = [labels_in(sentence) for sentence in sentences]
    if OTHERWISE.match(change) or '"' in prompt or "\\" in prompt or not all(map(_END.search, sentences)):
        return None
    if len({at for at, each in enumerate(labels) if _is_of_things(each)}) < 2:
        return None
    asked = labels_of(change)
    if any(name == "number" for name, _ in asked):
        return None
    scenery = {name for name, _ in asked if name in SCENERY}
    kinds = {value for name, value in asked if name == "kind"} & {v for each in labels for n, v in each if n == "kind"}
    if kinds:
        about = _about(labels, asked, kinds)
        free = [
            is_about or bool(scenery and not _is_of_things(each)) for is_about, each in zip(about, labels, strict=True)
        ]
        kept = tuple((sentence, not is_free) for sentence, is_free in zip(sentences, free, strict=True))
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


def best_told(text: str, context: str, again: Callable[[str, int], str]) -> str:
    """Return a plan whose description has the fewest faults: this one, or one of those that are written again.

    Args:
        text: a whole plan; any that is not of an edit or a merge of versions that are described comes back as it is.
        again: writes a plan anew from its beginning, which is given, with the number of the try.
    """
    text = _possible(sound(text, context, again), context, again)
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
    if text.startswith(MERGE):
        return MERGE
    prompt = _PROMPT.search(text)
    if text.startswith(EDIT) and not prompt and not CHANGE.search(text):
        return ""  # it may turn out to change what is not there
    return text[: prompt.end()] if prompt and text.startswith(EDIT) else text


def _possible(text: str, context: str, again: Callable[[str, int], str]) -> str:
    """Return a merge that takes what there is: this one, or the first of those that are planned again and do."""
    tries = 0
    other = text
    while (merge := _merge_in(other, context)) is None or not is_possible(*merge):
        if not text.startswith(MERGE) or tries == AGAIN:
            return text
        tries += 1
        other = again(_MERGE_OF, tries)
    return other


def _merge_in(text: str, context: str) -> tuple[str, str, str] | None:
    """Return what both versions of a merge show and its change; None where it does not name two that are described."""
    change, targets, described = CHANGE.search(text), _MERGED.search(text), descriptions(context)
    if not (text.startswith(MERGE) and change and targets) or targets[1] == targets[2]:
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
        rambling = NOT_DONE if AGAIN_AND_AGAIN.search(after) else 0
        return rambling + (faults_of_merge(first, second, after, change) or 0)

    return of_merge, prompt.end()


def _told(text: str, context: str) -> tuple[str, str, int] | None:
    """Return the description that an edit goes on from, its change, and where its own description begins."""
    prompt, change = _PROMPT.search(text), CHANGE.search(text)
    if prompt is None or change is None or not text.startswith(EDIT):
        return None
    described, target = descriptions(context), TARGET.search(text)
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
        self.is_edit = text.startswith(EDIT)
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
