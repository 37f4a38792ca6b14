"""A stand: where one copy of a thing is on a canvas of 128 units a side. Pure; knows no scene and no drawing."""

from __future__ import annotations

from dataclasses import dataclass

CANVAS = 128.0


@dataclass(frozen=True)
class Stand:
    """One copy of a thing: `x` its middle, `ground` where its shadow lies, `lift` how far its feet are above that.

    `turn` leans it about its feet, in degrees clockwise; `layer` brings it to the front, in units of ground.
    """

    thing_id: int
    copy: int
    x: float
    ground: float
    height: float
    lift: float = 0.0
    turn: float = 0.0
    layer: float = 0.0

    @property
    def feet(self) -> float:
        return self.ground - self.lift

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom; ears, hats and what is held may reach beyond it."""
        half = self.height * 0.34
        return self.x - half, self.feet - self.height, self.x + half, self.feet
