"""What the policy decided, and when: a row for each look at words or a picture. Nothing here decides."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from assistant.policy import Allowed, Decision, Level, Stage
from assistant.store.engine import Database
from assistant.store.store import add_person
from assistant.store.tables import DecisionRow


@dataclass(frozen=True)
class Judgement:
    """One decision; `verdict` is "allowed", "altered" or "refused", `turn` None for what never became one.

    `policy` names who decided: the lists of words, the small model, a service …; of what is allowed, all who looked.
    """

    owner: str
    turn: str | None
    stage: str
    policy: str
    level: str
    verdict: str
    rule: str
    reason: str
    created: str


class DecisionStore:
    """The policy's decisions, of everybody."""

    def __init__(self, database: Database):
        self.database = database

    def add(
        self, owner: str, turn: str | None, stage: Stage, policy: str, level: Level, decision: Decision, now: datetime
    ) -> None:
        """Keep a decision; `policy` is who decided, where the decision does not say it."""
        rule, reason = ("", "") if isinstance(decision, Allowed) else (decision.rule, decision.reason)
        with self.database.writing() as session:
            add_person(session, owner, now)
            session.add(
                DecisionRow(
                    id=secrets.token_hex(8), owner=owner, turn_id=turn, stage=stage, policy=decision.by or policy,
                    level=level,
                    verdict=type(decision).__name__.lower(), rule=rule, reason=reason,
                    created=now.isoformat(),
                )
            )  # fmt: skip

    def of_turn(self, turn: str, owner: str) -> tuple[Judgement, ...]:
        """Return what was decided of a person's turn, in order."""
        query = select(DecisionRow).where(DecisionRow.turn_id == turn, DecisionRow.owner == owner)
        return self._found(query.order_by(DecisionRow.created))

    def of_person(self, owner: str) -> tuple[Judgement, ...]:
        """Return all that was decided of a person's words and pictures, the newest first."""
        return self._found(select(DecisionRow).where(DecisionRow.owner == owner).order_by(DecisionRow.created.desc()))

    def newest(self, number: int, verdicts: Sequence[str] = ()) -> tuple[Judgement, ...]:
        """Return the last so many decisions of everybody's words and pictures, the newest first; only these verdicts'
        where any are given.
        """
        query = select(DecisionRow).order_by(DecisionRow.created.desc(), DecisionRow.id).limit(number)
        return self._found(query.where(DecisionRow.verdict.in_(verdicts)) if verdicts else query)

    def _found(self, query: Select[DecisionRow]) -> tuple[Judgement, ...]:
        with self.database.reading() as session:
            return tuple(
                Judgement(
                    row.owner, row.turn_id, row.stage, row.policy, row.level, row.verdict, row.rule, row.reason,
                    row.created,
                )
                for row in session.scalars(query)
            )  # fmt: skip
