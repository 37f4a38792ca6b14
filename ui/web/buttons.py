"""What the page's buttons mean: plans built without the language model, because nothing had to be understood.

Pure functions over versions and turns. Knows no gradio and no store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant import direct
from assistant.errors import UnknownVersion
from assistant.messages import EditPlan, Plan, Turn, TurnOptions, VaryPlan, Version
from generation.request import Capabilities
from ui.web.texts import N_, _
from ui.web.toolbar import canvas_size
from ui.web.views import Shown

SHAPES = ((N_("Square"), 1, 1), (N_("Wide"), 3, 2), (N_("Tall"), 2, 3))


def again(version: Version, count: int) -> tuple[str, Plan]:
    """Return the message and the plan that paint a version once more: an edit's change anew, else the same prompt.

    It takes another seed for that (`TurnOptions.another`); the same one would give the same picture.
    """
    message = f"Paint {version.label} again" + (", four ways" if count > 1 else "")
    if version.change and version.parents and version.parents[0] == version.line:  # which may be deleted by now
        return message, EditPlan(
            targets=(version.parents[0],), prompt=version.prompt, change=version.change, region=version.region,
            count=count, reply=f"{version.label} once more.",
        )  # fmt: skip
    reply = f"{version.label} once more, another way."
    return message, VaryPlan(targets=(version.label,), prompt=version.prompt, count=count, reply=reply)


def touched(do: str, data: Mapping[str, str], version: Version, shown: Shown) -> tuple[str, Plan, TurnOptions]:
    """Return the message, plan and options of a tool: vary, zoom, extend, upscale or merge, with what was set there.

    Raises:
        MessageError: what was set there makes no plan.
        UnknownVersion: there is no such second version.
    """
    match do:
        case "vary":
            return direct.variation(version, "subtle" if data.get("strength") == "subtle" else "strong")
        case "zoom":
            return (*direct.zooming_out(version), TurnOptions())
        case "extend":
            asked = {side: data.get(side, "") for side in direct.SIDE_NAMES}
            sides = {side: int(by) for side, by in asked.items() if by.isdecimal()}
            return direct.extension(version, direct.Margins(**sides), canvas_size(version, shown.able))
        case "upscale":
            return (*direct.enlargement(version), TurnOptions())
        case _:
            other = shown.versions.get(data.get("other", ""))
            if other is None:
                raise UnknownVersion(f"There is no {data.get('other', '')[:20]!r} to combine {version.label} with.")
            return (*direct.combination(version, other, data.get("text", "")), TurnOptions())


def exactly(words: str, edits: bool = False) -> tuple[str, Plan]:
    """Return the message and the plan of a new picture, or of an edit, whose prompt is a person's own words.

    Raises:
        MessageError: they cannot be a prompt.
    """
    return f"Exactly: {words.strip()}", direct.exact_edit(words) if edits else direct.exactly(words)


def before(current: str | None, path: Sequence[Turn], versions: Mapping[str, Version]) -> str | None:
    """Return what undo goes back to: the current version's parent, else the picture that the talk was at before."""
    version = versions.get(current or "")
    if version is None:
        return None
    if version.line:
        return version.line
    labels = [turn.ends_on for turn in path if turn.ends_on]
    earlier = [label for label in labels if label in versions and versions[label].number < version.number]
    return earlier[-1] if earlier else None


def shapes(can: Capabilities) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Return the shapes that the painter can paint, by name; the first is its own."""
    area, step = can.default_size[0] * can.default_size[1], can.size_multiple
    found = [(_("The painter's own"), can.default_size)]
    for name, across, down in SHAPES:
        unit = (area / (across * down)) ** 0.5
        size = (round(across * unit / step) * step, round(down * unit / step) * step)
        if all(can.min_size <= side <= can.max_size for side in size) and size not in [other for _, other in found]:
            found.append((f"{_(name)}, {size[0]} × {size[1]}", size))
    return tuple(found)
