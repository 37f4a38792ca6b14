"""Everything of the full world but its subjects: importing this fills the registries of the core modules."""

from captioner.world.drawing import (  # noqa: F401  (imported for what they register)
    extras_more,
    items_more,
    places_green,
    places_inside,
    places_town,
    styles_more,
)
