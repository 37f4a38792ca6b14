"""How many held-out messages a rewriter turns into right plans, and how long it takes.

Reads the messages and judges each plan with `held_out_schema.check`; knows nothing of any model.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import AssistantError
from assistant.rewriter import Rewriter
from assistant.training.held_out_schema import (
    HELD_OUT_MESSAGES,
    HeldOutMessage,
    check,
    load_messages,
    targets_of,
)


@dataclass(frozen=True)
class Judged:
    """One message and what was wrong with its plan; nothing, if it was right. Times in seconds.

    `found` says of a message about another version than the current one whether the plan is about that version.
    """

    message: HeldOutMessage
    failures: tuple[str, ...]
    seconds: float
    statement_seconds: float | None
    found: bool | None = None


@dataclass(frozen=True)
class Report:
    """The judgements of all messages. `str` of it is for people, `as_dict` for files."""

    rewriter: str
    judged: tuple[Judged, ...] = field(repr=False)

    @property
    def share(self) -> float:
        """The share of messages with a right plan."""
        return _share(self.judged)

    def by(self, key: Callable[[Judged], str]) -> dict[str, tuple[float, int]]:
        """Return share and number for each group."""
        groups: dict[str, list[Judged]] = {}
        for one in self.judged:
            groups.setdefault(key(one), []).append(one)
        return {name: (_share(members), len(members)) for name, members in sorted(groups.items())}

    @property
    def failed(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.judged if one.failures)

    @property
    def found(self) -> tuple[float, int]:
        """Return the share of messages about an older version whose plan is about that version, and their number."""
        known = [one.found for one in self.judged if one.found is not None]
        return (sum(known) / len(known) if known else float("nan")), len(known)

    @property
    def seconds(self) -> float:
        """Median time of a whole plan."""
        return statistics.median(one.seconds for one in self.judged)

    @property
    def statement_seconds(self) -> float:
        """Median time to the line that states the plan."""
        known = [one.statement_seconds for one in self.judged if one.statement_seconds is not None]
        return statistics.median(known) if known else float("nan")

    def as_dict(self) -> dict[str, object]:
        return {
            "rewriter": self.rewriter, "messages": len(self.judged), "right": round(self.share, 4),
            "older_version_found": dict(zip(("right", "messages"), self.found, strict=True)),
            "by_act": {name: {"right": round(share, 4), "messages": count} for name, (share, count) in self.by(_act).items()},
            "by_group": {name: {"right": round(share, 4), "messages": count} for name, (share, count) in self.by(_group).items()},
            "median_seconds": round(self.seconds, 3), "median_statement_seconds": round(self.statement_seconds, 3),
        }  # fmt: skip

    def __str__(self) -> str:
        lines = [f"rewriter {self.rewriter}: {self.share:.1%} of {len(self.judged)} plans right"]
        for title, key in (("act", _act), ("group", _group)):
            lines.append(f"by {title}:")
            lines += [f"  {name:<28} {share:6.1%} of {count}" for name, (share, count) in self.by(key).items()]
        share, number = self.found
        if number:
            lines.append(f"older version found: {share:.1%} of {number}")
        lines.append(f"median time: plan {self.seconds:.2f} s, statement {self.statement_seconds:.2f} s")
        return "\n".join(lines)


def evaluate_rewriter(rewriter: Rewriter, messages: Path = HELD_OUT_MESSAGES) -> Report:
    """Plan every message of a file and judge the plans.

    Raises:
        ValueError: the file holds a line that is no message, or no lines.
    """
    held_out = load_messages(messages)
    if not held_out:
        raise ValueError(f"{messages} holds no messages to evaluate the rewriter on.")
    return Report(rewriter.name, tuple(_judge(rewriter, message) for message in held_out))


def _judge(rewriter: Rewriter, message: HeldOutMessage) -> Judged:
    stated: list[float] = []
    older = message.expect.calls_older(message.path.current)
    found = False if older else None
    started = time.perf_counter()
    try:
        plan = rewriter.plan(message.path, lambda statement: stated.append(time.perf_counter() - started))
        failures = check(plan, message)
        if older:
            found = targets_of(plan, message.path) == message.expect.targets
    except AssistantError as error:
        failures = [str(error)]
    return Judged(message, tuple(failures), time.perf_counter() - started, stated[0] if stated else None, found)


def _share(judged: tuple[Judged, ...] | list[Judged]) -> float:
    return sum(not one.failures for one in judged) / len(judged)


def _act(one: Judged) -> str:
    return "/".join(one.message.expect.acts)


def _group(one: Judged) -> str:
    return one.message.group
