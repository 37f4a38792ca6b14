"""Importing this fills FIGURES and THINGS with everything beyond the core."""

from captioner.world.drawing import (
    farm_animals,
    horses,
    more_things,
    odd_folk,
    people,
    sea_and_tales,
    tall_animals,
    vehicles,
    wild_animals,
)

__all__ = [
    "farm_animals",
    "horses",
    "more_things",
    "odd_folk",
    "people",
    "sea_and_tales",
    "tall_animals",
    "vehicles",
    "wild_animals",
]
