"""How often a policy does what it should, on fixed sets of prompts: those that must pass, and those that must not.

`policy_cases.json` was written before the lists were held against it; its misses stay in it. `policy_held_out.json` was
written before the small model was trained, and nothing was ever tuned on it. `policy_disguised.json` has words and
names hidden by other scripts, look-alike letters and spellings, and harmless ones beside them, written before anything
could read them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.policy import Allowed, Altered, Decision, Level, Policy, Refused

CASES_FILE = Path(__file__).with_name("policy_cases.json")
HELD_OUT_FILE = Path(__file__).with_name("policy_held_out.json")
DISGUISED_FILE = Path(__file__).with_name("policy_disguised.json")
VERDICTS = {"pass": Allowed, "alter": Altered, "refuse": Refused}
WANTS = {"pass": "must pass", "alter": "must be altered", "refuse": "must be refused"}


@dataclass(frozen=True)
class Case:
    """Words, what shall become of them at a level ("pass", "alter", "refuse"), and by which rule."""

    words: str
    want: str
    rule: str
    level: Level = "auto"


@dataclass(frozen=True)
class PolicyReport:
    """What a policy decided of each case."""

    policy: str
    decisions: tuple[tuple[Case, Decision], ...]

    def missed(self, want: str) -> tuple[Case, ...]:
        """Return the cases of a kind that went another way."""
        return tuple(case for case, decision in self.decisions if case.want == want and not _is_right(case, decision))

    def rate(self, want: str, rule: str | None = None) -> float:
        """Return the share of the cases of a kind (and rule) that went as they should."""
        found = [_is_right(case, decision) for case, decision in self._of(want, rule)]
        return sum(found) / len(found)

    def _of(self, want: str, rule: str | None) -> Iterator[tuple[Case, Decision]]:
        for case, decision in self.decisions:
            if case.want == want and rule in (None, case.rule):
                yield case, decision

    def __str__(self) -> str:
        lines = [f"policy {self.policy}: {len(self.decisions)} prompts"]
        for want, said in WANTS.items():
            if not any(self._of(want, None)):
                continue
            lines.append(self._line(want, None, said))
            rules = dict.fromkeys(case.rule for case, _ in self._of(want, None) if case.rule)
            lines += [self._line(want, rule, f"  {rule}") for rule in rules]
        for want, said in WANTS.items():
            lines += [f"missed, {said}: {case.words}" for case in self.missed(want)]
        return "\n".join(lines)

    def _line(self, want: str, rule: str | None, said: str) -> str:
        right = [_is_right(case, decision) for case, decision in self._of(want, rule)]
        low, high = likely(sum(right), len(right))
        return f"{said:<20}{sum(right) / len(right):>7.1%} of {len(right):<4} (95 %: {low:.1%} to {high:.1%})"


def likely(hits: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (JASA 22, 1927), which is one for shares of 0 and 1, too."""
    z = 1.96
    share, widening = hits / of, z * z / of
    middle = (share + widening / 2) / (1 + widening)
    half = z * math.sqrt(share * (1 - share) / of + widening / (4 * of)) / (1 + widening)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def load_cases(file: Path = CASES_FILE) -> tuple[Case, ...]:
    """Return the fixed set of prompts."""
    return tuple(Case(**case) for case in json.loads(file.read_text("utf-8")))


def evaluate_policy(policy: Policy, cases: tuple[Case, ...] | None = None) -> PolicyReport:
    """Hold a policy against prompts; None takes the fixed set. Raises: ModelError: what it asks cannot be had."""
    decided = tuple((case, policy.check_message(case.words, case.level)) for case in cases or load_cases())
    return PolicyReport(policy.name, decided)


def _is_right(case: Case, decision: Decision) -> bool:
    """Say whether it went as it should; another rule than the one meant refuses as well."""
    return isinstance(decision, VERDICTS[case.want])
