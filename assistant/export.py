"""A conversation as files that anyone can read, and the way back: painting it again from its recipes.

An export holds `conversation.json` (everything), `conversation.md` (to read), `pictures/v1.png` and so on, and in
`blobs/` the latents and masks that recipes name, by SHA-256; where asked for, `pairs/` to train on. Knows no disk:
files come and go as names and bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from PIL import Image
from pydantic import TypeAdapter, ValidationError

from assistant.errors import BlobError, ExportError
from assistant.jobs import StopSign
from assistant.messages import PLAN, Conversation, Turn, Version
from assistant.pairs import PICTURE, pair_files
from assistant.rendering import paint_all
from assistant.story import bare, holds_parents
from generation.errors import GenerationError
from generation.request import Painter, Recipe, RenderRequest

FORMAT, FORMAT_VERSION = "limner-conversation", 1
INDEX, STORY = "conversation.json", "conversation.md"
BLOB = "blobs/{}"

Read = Callable[[str], bytes]
"""Returns the bytes with a SHA-256, or raises BlobError."""


@dataclass(frozen=True)
class Exported:
    """What an export is made of; `missing` says in words what could not be read."""

    files: dict[str, bytes]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replayed:
    """One version painted again. `difference` is the mean absolute difference of the pixels, of 255.

    `problem` says why there is nothing to compare; `note` what was not as it had been.
    """

    label: str
    image: bytes = b""
    identical: bool = False
    difference: float | None = None
    problem: str = ""
    note: str = ""


@dataclass(frozen=True)
class Export:
    """A read export: the versions in order, the turns' labels that were painted together, and its blobs."""

    versions: tuple[Version, ...]
    made: tuple[tuple[str, ...], ...]
    blobs: Mapping[str, bytes] = field(repr=False)

    def made_with(self, label: str) -> tuple[str, ...]:
        """Return the labels of what was painted together with a version, itself among them."""
        return next((labels for labels in self.made if label in labels), (label,))

    def read(self, digest: str) -> bytes:
        """Raises: BlobError: the export lacks it."""
        try:
            return self.blobs[digest]
        except KeyError:
            raise BlobError(f"The export lacks the file {digest[:12]}… that a recipe names; export it again.") from None


def export(
    conversation: Conversation, turns: Sequence[Turn], versions: Sequence[Version], read: Read,
    tell: Callable[[Version, Mapping[str, Version]], bytes], judged: Mapping[str, bool] | None = None,
) -> Exported:  # fmt: skip
    """Return a conversation as files. What cannot be read is left out and named.

    Args:
        tell: gives a version's picture with its story, as `assistant.telling` does.
        judged: which versions were kept and which not, to be written as pairs to train on; None writes none.
    """
    by_label = {version.label: version for version in versions}
    files: dict[str, bytes] = {}
    missing: list[str] = []

    def keep(name: str, digest: str | None, what: str, get: Callable[[], bytes] | None = None) -> None:
        if digest is None or name in files:
            return
        try:
            files[name] = get() if get else read(digest)
        except BlobError as error:
            missing.append(f"{what} ({error})")

    for version in versions:
        what, picture = f"the picture of {version.label}", partial(tell, version, by_label)
        keep(PICTURE.format(version.label), version.image, what, picture)
        keep(BLOB.format(version.latent), version.latent, f"the latent of {version.label}")
        for digest, what in _files(version, by_label):
            keep(BLOB.format(digest), digest, f"{what} of {version.label}")
    index = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "conversation": asdict(conversation),
        "turns": [{**asdict(t), "plan": PLAN.dump_python(t.plan, mode="json") if t.plan else None} for t in turns],
        "versions": [_version_row(version) for version in versions],
        "missing": missing,
    }
    if judged is not None:
        files |= pair_files(versions, judged, files)
    files[INDEX] = (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode()
    files[STORY] = _story(conversation, turns, by_label).encode()
    return Exported(files, tuple(missing))


def _files(version: Version, versions: Mapping[str, Version]) -> Iterator[tuple[str, str]]:
    """Yield the digests of what a version's recipe names beside versions' pictures and latents, and what each is.

    `versions` are its conversation's. The picture of a version that was deleted is not missing: it is to be gone.
    """
    recipe = version.recipe
    if recipe is None:
        return
    shown = {other.image for other in versions.values()}
    if _deleted(version, versions):
        shown.add(recipe.parent_image or "")
    for digest, what in ((recipe.mask, "the mask"), (recipe.source_mask, "the mask of what was taken"),
                         (recipe.parent_image, "the picture to start from")):  # fmt: skip
        if digest and digest not in shown:
            yield digest, what


def _deleted(version: Version, versions: Mapping[str, Version]) -> tuple[str, ...]:
    """Return the labels of a version's parents that were deleted since."""
    return tuple(label for label in version.parents if label not in versions)


def read_export(read: Callable[[str], bytes | None]) -> Export:
    """Return an export from its files.

    Args:
        read: gives the bytes of a file by its name in the export; None if there is none.

    Raises:
        ExportError: it is none, or of a later format.
    """
    raw = read(INDEX)
    if raw is None:
        raise ExportError(f"There is no {INDEX} in it; name a folder or zip that `limner export` wrote.")
    try:
        index = json.loads(raw)
        if index["format"] != FORMAT or index["format_version"] > FORMAT_VERSION:
            raise ExportError(
                f"It holds {str(index['format'])[:40]!r} of format {index['format_version']}, and this version reads "
                f"{FORMAT!r} up to format {FORMAT_VERSION}; export it again, or update Limner."
            )
        versions = tuple(_VERSION.validate_python(row) for row in index["versions"])
        made = tuple(tuple(turn["made"]) for turn in index["turns"] if turn["made"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise ExportError(f"Its {INDEX} is damaged ({type(error).__name__}); export the conversation again.") from error
    blobs: dict[str, bytes] = {}
    by_label = {version.label: version for version in versions}
    for version in versions:
        names: list[tuple[str, str | None]] = [
            (PICTURE.format(version.label), version.image),
            (BLOB.format(version.latent), version.latent),
        ]
        names += [(BLOB.format(digest), digest) for digest, _ in _files(version, by_label)]
        for name, digest in names:
            data = read(name) if digest else None
            data = bare(data) if data is not None and name.endswith(".png") else data
            if digest and data is not None and hashlib.sha256(data).hexdigest() == digest:
                blobs[digest] = data
    return Export(versions, made, blobs)


def replay(exported: Export, painter_of: Callable[[Recipe], Painter]) -> Iterator[Replayed]:
    """Paint every version again from its own recipe and its parent's kept bytes, and compare.

    Versions that were painted together are so again, since a batch's shape decides the last bits; `painter_of` gives
    the painter that follows the recipe of the first of them.
    """
    by_label = {version.label: version for version in exported.versions}
    together = [labels for labels in exported.made if all(label in by_label for label in labels)]
    alone = set(by_label) - {label for labels in together for label in labels}
    for labels in [*together, *((label,) for label in sorted(alone, key=lambda label: by_label[label].number))]:
        recipes = {label: recipe for label in labels if (recipe := _painted_by(by_label[label]))}
        yield from (Replayed(label, problem="it was not painted here") for label in labels if label not in recipes)
        if not recipes:
            continue
        requests = [_request(label, recipe) for label, recipe in recipes.items()]
        try:
            painter = painter_of(next(iter(recipes.values())))
            finished = paint_all(painter, requests, exported, StopSign(), lambda progress: None)
        except (GenerationError, BlobError) as error:
            yield from (Replayed(label, problem=_without(by_label[label], by_label) or str(error)) for label in recipes)
            continue
        for label, picture in zip(recipes, finished, strict=True):
            before = exported.blobs.get(by_label[label].image)
            then, now = recipes[label], picture.recipe
            same_weights = (then.weights, then.enlarger) == (now.weights, now.enlarger)
            note = "" if same_weights else f"painted by {then.painter} with other weights then"
            others = [other for other in exported.made_with(label) if other not in by_label]
            note = note or (f"painted together with {', '.join(others)} then, deleted since" if others else "")
            if before is None:
                yield Replayed(label, picture.image, problem="its picture is missing or damaged in the export")
                continue
            difference = _difference(before, picture.image)
            yield Replayed(label, picture.image, difference == 0, difference, note=note)


def _without(version: Version, versions: Mapping[str, Version]) -> str:
    """Return why a version that was made from a deleted one cannot be painted again; "" for other versions."""
    deleted, recipe = _deleted(version, versions), _painted_by(version)
    if not deleted or recipe is None or not holds_parents(recipe):
        return ""
    return f"it was painted from {' and '.join(deleted)}, which was deleted"


def _painted_by(version: Version) -> Recipe | None:
    """Return the recipe of a version that was painted here; one that came with an upload is only told."""
    return version.recipe if version.origin == "painted" else None


def _request(label: str, recipe: Recipe) -> RenderRequest:
    start, _, digest = recipe.start.partition(":")
    taken_from, _, source = (recipe.source or "").partition(":")
    return RenderRequest(
        id=label, act=recipe.act, prompt=recipe.prompt, seed=recipe.seed, change=recipe.change,
        candidate=recipe.candidate, width=recipe.width, height=recipe.height, steps=recipe.steps,
        guidance=recipe.guidance, parent_latent=digest if start == "latent" else None,
        parent_image=recipe.parent_image or (digest if start == "pixels" else None), mask=recipe.mask,
        strength=recipe.strength, place=recipe.place, source_latent=source if taken_from == "latent" else None,
        source_image=source if taken_from == "pixels" else None, source_mask=recipe.source_mask,
    )  # fmt: skip


def _difference(one: bytes, two: bytes) -> float:
    """Return the mean absolute difference of two pictures' pixels; infinity for different sizes."""
    a, b = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.int16) for data in (one, two))
    return float(np.abs(a - b).mean()) if a.shape == b.shape else float("inf")


_VERSION: TypeAdapter[Version] = TypeAdapter(Version)


def _version_row(version: Version) -> dict[str, Any]:
    row: dict[str, Any] = _VERSION.dump_python(version, mode="json")
    return row


def _story(conversation: Conversation, turns: Sequence[Turn], versions: Mapping[str, Version]) -> str:
    """Return the conversation in Markdown, with its pictures."""
    lines = [f"# {_plain(conversation.title)}", ""]
    for turn in turns:
        lines += [f"**You:** {_plain(turn.message) or '(a button)'}", ""]
        for label in turn.made:
            version = versions.get(label)
            if version is None:
                lines += [f"**{label}** was deleted.", ""]
                continue
            gone = _deleted(version, versions)
            origin = f", from {' and '.join(version.parents)}" if version.parents else ""
            origin += f" ({' and '.join(gone)} deleted since)" if gone else ""
            label += f" “{_plain(version.name)}”" if version.name else ""
            change = f": {_plain(version.change)}" if version.change else ""
            lines += [
                f"**{label}**{origin}{change}",
                "",
                f"![{_plain(version.prompt)}]({PICTURE.format(version.label)})",
                "",
            ]
            lines += [f"> {_plain(version.prompt)}", ""]
        if turn.reply or turn.error:
            lines += [_plain(turn.reply or turn.error), ""]
        elif not turn.made and turn.ends_on:
            lines += [f"Back to {turn.ends_on}.", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return words that Markdown and HTML take as words."""
    text = " ".join(text.split())
    for sign in "\\`*_[]<>#|":
        text = text.replace(sign, f"\\{sign}" if sign not in "<>" else {"<": "&lt;", ">": "&gt;"}[sign])
    return text
