"""How the embedded rewriter writes the description of an edited picture: only the sentences that change.

A small model that writes a whole description anew drops a hat on the way or leaves the one word as it was that was to
change: by then the change it has planned lies a hundred tokens back. So it writes each sentence that changes as it was
and as it is now, right after one another, as a person's patch does; all the others stay without being written. Of a
sentence as it was it chooses which, and cannot misquote it.

In an answer, a patch stands in the place of the prompt: `<was>A red cat is on the left.<now>A red cat in a hat is on
the left.`, as often as needed, from the first sentence to the last. A sentence that goes has nothing after `<now>`; one
that comes stands with the one before it; `<was>` alone changes nothing. Of two versions that are merged, the first
one's description is patched. Training and decoding use the same functions. No torch.
"""

from __future__ import annotations

import difflib
import json
import re

WAS, NOW = "<was>", "<now>"
"""The tokens before a sentence as it was, and as it is now."""
_TARGET = re.compile(r'"targets":\["(v[0-9]+)"')
_PROMPT = re.compile(r'"prompt":"')
_WHOLE = re.compile(r"^(?:now|whole) (v\d+)(?: < [v\d ]+)?: (.*)$", re.MULTILINE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_END = '"}'


def descriptions(context: str) -> dict[str, str]:
    """Return the versions that a rendered path shows whole, the current one last."""
    return dict(_WHOLE.findall(context))


def sentences_of(description: str) -> list[str]:
    """Return the sentences of a description, as JSON writes them within a string."""
    return _SENTENCES.split(_escaped(description.strip()))


def patched_in(plan: str, context: str) -> list[str] | None:
    """Return the sentences that the prompt of a plan goes on from; None where it has none, or is written in full.

    Args:
        plan: a plan as JSON up to the beginning of its prompt, or more.
    """
    prompt, target = _PROMPT.search(plan), _TARGET.search(plan)
    described = descriptions(context)
    if prompt is None or target is None or target[1] not in described:
        return None
    return sentences_of(described[target[1]])


def as_patch(plan: str, context: str) -> str:
    """Return a whole plan with a patch in place of its prompt; as it is where that does not go on from another."""
    before = patched_in(plan, context)
    prompt = _PROMPT.search(plan)
    if before is None or prompt is None or not plan.endswith(_END):
        return plan
    after = plan[prompt.end() : -len(_END)]
    patch = _patch(before, _SENTENCES.split(after))
    return f"{plan[: prompt.end()]}{patch}{_END}" if _applied(before, patch) == after else plan


def as_prompt(answer: str, context: str) -> str:
    """Return an answer with a patch as the plan that it stands for.

    While a patch is being written, the plan up to its prompt: nobody can tell yet what that will be.
    """
    prompt = _PROMPT.search(answer)
    if WAS not in answer or prompt is None:
        return answer
    before = patched_in(answer, context)
    patch, ended, _ = answer[prompt.end() :].rpartition(_END)
    if before is None or not ended:
        return answer[: prompt.end()]
    return f"{answer[: prompt.end()]}{_applied(before, patch)}{_END}"


def _patch(before: list[str], after: list[str]) -> str:
    """Return the patch between two descriptions."""
    pairs: list[tuple[str, str]] = []
    changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, a, b, c, d in changes:
        if tag == "delete":
            pairs += [(sentence, "") for sentence in before[a:b]]
        elif tag == "insert":
            # A sentence beside it carries it: the one before, or the first one where there is none before.
            at = max(a - 1, 0)
            told = [*after[c:d], before[0]] if a == 0 else [before[at], *after[c:d]]
            if pairs and a and pairs[-1][0] == before[at]:
                told = [pairs.pop()[1], *after[c:d]]
            pairs.append((before[at], " ".join(filter(None, told))))
        elif tag == "replace":
            ahead = min(b - a, d - c)
            pairs += list(zip(before[a : a + ahead - 1], after[c : c + ahead - 1], strict=True))
            pairs.append((before[a + ahead - 1], " ".join(after[c + ahead - 1 : d])))
            pairs += [(sentence, "") for sentence in before[a + ahead : b]]
    return "".join(f"{WAS}{was}{NOW}{now}" for was, now in pairs) or WAS


def _applied(before: list[str], patch: str) -> str:
    """Return a description with a patch applied; a sentence that is not there changes nothing."""
    told, start = list(before), 0
    for pair in patch.split(WAS)[1:]:
        was, _, now = pair.partition(NOW)
        at = next((at for at in range(start, len(before)) if before[at] == was), None)
        if at is not None:
            told[at], start = now.strip(), at + 1
    return " ".join(filter(None, told))


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
