"""What a prompt asks for, in GenEval's clauses, and whether a picture that was read shows it. Knows no pictures.

The clauses and how they combine are those of GenEval (Ghosh et al. 2023, arXiv:2310.11513; its
`evaluation_metadata.jsonl`): all of `include` must be there, none of `exclude`; to be there in greater number is no
fault unless it is excluded. An object detector finds the objects there; here the judge reads three sides, so a clause
is checked only where its object, colour, number and position are the picture world's (`outside_world`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from captioner.world.scene import SIDES, WorldSetting
from generation.evaluation.judge import Reading

POSITIONS = ("left of", "right of", "above", "below")
READABLE = ("left of", "right of")


@dataclass(frozen=True)
class Clause:
    """So many of a kind; in a colour, if one is named; left or right of those of an earlier clause, if so."""

    kind: str
    count: int = 1
    colour: str | None = None
    position: tuple[str, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the clause as GenEval writes it."""
        row: dict[str, Any] = {"class": self.kind, "count": self.count}
        row |= {"color": self.colour} if self.colour else {}
        return row | ({"position": list(self.position)} if self.position else {})


@dataclass(frozen=True)
class Asked:
    """A prompt's clauses; `tag` is GenEval's name of the group that the prompt belongs to."""

    tag: str
    include: tuple[Clause, ...]
    exclude: tuple[Clause, ...] = ()


def asked_of(row: Mapping[str, Any]) -> Asked:
    """Return what a line of GenEval's metadata asks for.

    Raises:
        ValueError: it is not in GenEval's form; the message says what is wrong with it.
    """
    include = tuple(_clause(entry) for entry in _entries(row, "include"))
    for place, clause in enumerate(include):
        if clause.position and not 0 <= clause.position[1] < place:
            raise ValueError(f"position of {clause.kind!r} names clause {clause.position[1]}, which is not before it")
    return Asked(str(row.get("tag", "")), include, tuple(_clause(entry) for entry in _entries(row, "exclude")))


def outside_world(asked: Asked, setting: WorldSetting) -> str:
    """Return what of the clauses the judge cannot read ("a kind it does not know: bicycle"); "" where it can all."""
    for clause in (*asked.include, *asked.exclude):
        if clause.kind not in setting.subjects:
            return f"no such thing in the world: {clause.kind}"
        if clause.colour and clause.colour not in setting.colours:
            return f"no such colour in the world: {clause.colour}"
        if clause.position and clause.position[0] not in READABLE:
            return f"the judge reads sides, not {clause.position[0]}"
    if too_many := [clause for clause in asked.include if clause.count > setting.max_count]:
        return f"the judge counts to {setting.max_count}, not to {too_many[0].count}"
    return ""


def follows(reading: Reading, asked: Asked) -> bool:
    """Tell whether what was read off a picture is as asked."""
    matched: list[list[int] | None] = []
    for clause in asked.include:
        sides = _sides_with(reading, clause)
        enough = _number(reading, sides) >= clause.count
        if enough and clause.position:
            relation, before = clause.position
            targets = matched[before]
            enough = targets is not None and all(_stands(relation, one, two) for one in sides for two in targets)
        matched.append(sides if enough else None)
    if any(sides is None for sides in matched):
        return False
    return all(_number(reading, _sides_with(reading, clause)) < clause.count for clause in asked.exclude)


def _sides_with(reading: Reading, clause: Clause) -> list[int]:
    found = [reading.sides[side] for side in SIDES]
    return [
        place
        for place, thing in enumerate(found)
        if thing.kind == clause.kind and clause.colour in (None, thing.colour)
    ]


def _number(reading: Reading, sides: Sequence[int]) -> int:
    return sum(reading.sides[SIDES[place]].count for place in sides)


def _stands(relation: str, one: int, two: int) -> bool:
    return {"left of": one < two, "right of": one > two}.get(relation, False)


def _entries(row: Mapping[str, Any], name: str) -> list[Any]:
    entries = row.get(name, [])
    if not isinstance(entries, list):
        raise ValueError(f"{name!r} is no list")
    return entries


def _clause(entry: Any) -> Clause:
    if not isinstance(entry, dict) or not isinstance(entry.get("class"), str):
        raise ValueError(f"a clause names no class: {str(entry)[:80]}")
    count, position = entry.get("count", 1), entry.get("position")
    if not isinstance(count, int) or count < 1:
        raise ValueError(f"a count is no number from 1: {count!r}")
    if position is not None:
        if not (isinstance(position, list | tuple) and len(position) == 2 and position[0] in POSITIONS):
            raise ValueError(f"a position is not a relation and the number of a clause: {position!r}")
        position = (str(position[0]), int(position[1]))
    return Clause(entry["class"], count, entry.get("color"), position)
