"""An edit that asks for several changes, one after another: "make the cat red and put it on a beach".

A denoiser that learned instructions of one change does mostly one of two: of 100 held-out pairs both were there in 0.53
when they were painted at once, in 0.69 painted clause by clause, each from what the one before it left (see
docs/results.md). All clauses read of the whole picture as it shall be in the end, and may paint where any of them may:
held to a region of its own each, they did no better.
"""

from __future__ import annotations

import re

_CLAUSES = re.compile(r",? and (?=(?:make|give|take|put|change|turn|replace|swap|add|remove|show|move)\b)")


def clauses_of(change: str) -> tuple[str, ...]:
    """Return the clauses of an instruction, in their order."""
    return tuple(_CLAUSES.split(change))
