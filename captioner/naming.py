"""What the things in a picture are called, and a wish that would change each: by it a painter finds where a thing is.

The prompt is read with the world's words; what they do not know has no name here. No models.
"""

from __future__ import annotations

from captioner.checking import demands, names_of
from captioner.reading import read_caption
from captioner.world import words
from captioner.world.scene import COLOURS, FACED


def wishes_by_name(prompt: str) -> dict[str, str]:
    """Return the names of the things that a prompt speaks of ("the bunny's hat"), each with a wish about it.

    Faces and what is worn or held have names of their own.
    """
    said, _ = demands(prompt)
    found: dict[str, str] = {}
    for thing, name in zip(said.things, names_of(said.things), strict=True):
        found[f"the {name}"] = f"make the {name} {_another(thing.value('colour'))}"
        if thing.kind in FACED:
            found[f"the {name}'s face"] = f"make the {name} happier"
        for kind, colour in thing.items:
            found[f"the {name}'s {kind}"] = f"make the {name}'s {kind} {_another(colour)}"
    for label, value in sorted(said.scenery):
        if label == "extra":
            found[f"the {value}"] = f"remove the {value}"
    return found


def things_in(prompt: str) -> list[tuple[str, bool]]:
    """Return what the things that a prompt speaks of are called, in their order, and whether each has a face."""
    said, _ = demands(prompt)
    return [(name, thing.kind in FACED) for thing, name in zip(said.things, names_of(said.things), strict=True)]


def _another(colour: str) -> str:
    return next(other for other in COLOURS if other != colour)


def style_in(caption: str) -> str:
    """Return how one asks for the style that a caption speaks of ("as a watercolour painting"); "" if it names none."""
    styles = [value for label, value in read_caption(caption).scenery if label == "style"]
    return f"as {words.STYLE_WORDS[min(styles)][0]}" if styles else ""
