"""The held-out test of plans: messages as people type them, and what any sensible plan for them must hold.

Written apart from the training grammar, and knows nothing of it: it reads plans, prompts and the picture world's word
tables only. Prompts are compared word by word (`prompt_facts.py` reads facts such as a mood out of them), so a plan is
right whatever words it finds, as long as they say what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.messages import ConversationPath, PaintingPlan, Plan, WordsPlan
from assistant.training.prompt_facts import check_phrase, holds

HELD_OUT_MESSAGES = Path(__file__).parent / "held_out" / "messages.jsonl"
HELD_OUT_PICTURES = Path(__file__).parent / "held_out" / "whole_pictures.jsonl"
"""Of what is asked of whole pictures, written later: more room, more pixels, two in one, another try, which one."""
Groups = tuple[tuple[str, ...], ...]
"""All of the groups must hold, each by one of its phrases at least. A phrase is words or a macro: `@place:beach`."""


@dataclass(frozen=True)
class Expectation:
    """What a right plan holds.

    Attributes:
        acts: the plan's act is one of these.
        targets: None leaves them free. Where a plan for one version names none, the current one counts; an
            act in words has no targets to be wrong about.
        has: what a painting plan's prompt must say.
        lacks: phrases that a painting plan's prompt must not hold.
        kept: like `has`, for facts of the version before that must survive the change.
        reply_has: what the reply must say, in words without macros.
        fields: other fields of the plan, such as an extension's direction: each holds one of the texts given for it.
    """

    acts: tuple[str, ...]
    targets: tuple[str, ...] | None = None
    has: Groups = ()
    lacks: tuple[str, ...] = ()
    kept: Groups = ()
    reply_has: Groups = ()
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def calls_older(self, current: str | None) -> bool:
        """Tell whether the message is about another version than the current one."""
        return self.targets is not None and any(target != current for target in self.targets)

    def phrases(self) -> tuple[str, ...]:
        """Return every phrase and macro in it."""
        return (*self.lacks, *(phrase for groups in (self.has, self.kept) for group in groups for phrase in group))


@dataclass(frozen=True)
class HeldOutMessage:
    """One message with the conversation before it; `group` names its kind in the report."""

    id: str
    group: str
    path: ConversationPath
    expect: Expectation


_MESSAGE = TypeAdapter(HeldOutMessage)


def load_messages(path: Path = HELD_OUT_MESSAGES) -> tuple[HeldOutMessage, ...]:
    """Return the messages of a file of JSON lines.

    Raises:
        ValueError: a line is no message, holds an unknown macro, or has the id of an earlier one.
    """
    messages: dict[str, HeldOutMessage] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            message = _MESSAGE.validate_json(line)
            for phrase in message.expect.phrases():
                check_phrase(phrase)
        except (ValidationError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}, is not a held-out message: {error}") from error
        if message.id in messages:
            raise ValueError(f"{path.name}, line {number}, has the id {message.id!r} of an earlier line")
        messages[message.id] = message
    return tuple(messages.values())


def dump_message(message: HeldOutMessage) -> str:
    """Return the message as one line of JSON."""
    return _MESSAGE.dump_json(message, exclude_defaults=True).decode()


def check(plan: Plan, message: HeldOutMessage) -> list[str]:
    """Return what is wrong with the plan, in words; empty when it is right."""
    expect = message.expect
    if plan.act not in expect.acts:
        return [f"act is {plan.act}, not {' or '.join(expect.acts)}"]
    wrong = []
    targets = targets_of(plan, message.path)
    if expect.targets is not None and not isinstance(plan, WordsPlan) and targets != expect.targets:
        wrong.append(f"targets are {' '.join(targets) or 'none'}, not {' '.join(expect.targets)}")
    if isinstance(plan, PaintingPlan):
        before = _prompt_before(message)
        prompt = plan.prompt or before  # an extension without one keeps its version's
        wrong += [
            f"{what} {' / '.join(group)}"
            for what, groups in (("misses", expect.has), ("lost", expect.kept))
            for group in groups
            if not any(holds(phrase, prompt, before) for phrase in group)
        ]
        wrong += [f"still has {phrase}" for phrase in expect.lacks if holds(phrase, prompt, before)]
    for name, texts in expect.fields.items():
        said = str(getattr(plan, name, ""))
        if not any(text == said or (text and text in said) for text in texts):
            wrong.append(f"{name} is {said!r}, not {' or '.join(map(repr, texts))}")
    wrong += [
        f"reply misses {' / '.join(group)}"
        for group in expect.reply_has
        if not any(holds(phrase, plan.reply, "") for phrase in group)
    ]
    return wrong


def targets_of(plan: Plan, path: ConversationPath) -> tuple[str, ...]:
    """Return the versions that a plan is about: those that it names, or the current one where it needs one."""
    named: tuple[str, ...] = getattr(plan, "targets", ())
    if not named and plan.act in ("edit", "vary", "extend", "upscale") and path.current is not None:
        return (path.current,)
    return named


def _prompt_before(message: HeldOutMessage) -> str:
    """Return the prompt of the version that the message changes, "" where there is none."""
    label = message.expect.targets[0] if message.expect.targets else message.path.current
    version = message.path.version(label) if label else None
    return version.prompt if version else ""
