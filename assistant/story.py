"""What a picture's file tells of it: the prompt and the recipe that painted it, and reading them back.

Pictures are kept bare, under the hash of their bytes. Their story is put in on the way out, as chunks of a PNG that
leave its other bytes as they are: `bare` gives back exactly what was kept. Knows no store, disk or certificate.
"""

from __future__ import annotations

import io
import json
import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo, putchunk
from pydantic import TypeAdapter

from assistant.errors import MessageError
from assistant.messages import MAX_MESSAGE_LETTERS, Version
from assistant.policy import check_storable
from generation.request import Recipe

FORMAT, FORMAT_VERSION = "limner-picture", 1
PARAMETERS = "parameters"
"""The text chunk that AUTOMATIC1111's web UI writes, and that most programs for generated pictures read."""
RECIPE = "limner"
XMP = "XML:com.adobe.xmp"
CREDENTIALS = b"caBX"
"""The chunk of C2PA credentials (C2PA 2.2, A.3.3)."""
SIGNATURE_BYTES, HEADER_BYTES = 8, 33
"""What a PNG begins with: its signature, then the header's chunk."""

MAX_SEED, MAX_COUNT = 2**63, 2**20
"""What a number in an upload may be, for us to keep it."""

Source = Literal["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"]
SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""IPTC's digital source types: what a model painted, and what it painted into somebody's picture."""

_RECIPE: TypeAdapter[Recipe] = TypeAdapter(Recipe)


@dataclass(frozen=True)
class Story:
    """What is told of a picture. `source` is None where it was not painted here; `image` is the SHA-256 of its file."""

    prompt: str
    change: str = ""
    recipe: Recipe | None = None
    label: str = ""
    parents: tuple[str, ...] = ()
    image: str = ""
    source: Source | None = None


def story_of(version: Version, versions: Mapping[str, Version]) -> Story | None:
    """Return what is told of a version; `versions` are its conversation's. None for a person's own picture.

    A folder that a painter was loaded from is told by its last name alone: where a person keeps things is their own.
    """
    if version.recipe is None:
        return None
    recipe = version.recipe
    if PurePath(recipe.painter).is_absolute() or recipe.painter.startswith((".", "~")):
        recipe = replace(recipe, painter=PurePath(recipe.painter).name)
    source: Source | None = None
    if version.origin == "painted":
        source = "compositeWithTrainedAlgorithmicMedia" if holds_own(version, versions) else "trainedAlgorithmicMedia"
    return Story(version.prompt, version.change, recipe, version.label, version.parents, version.image, source)


def holds_own(version: Version, versions: Mapping[str, Version]) -> bool:
    """Say whether a version is, or was made from, a picture that a person brought, by however many acts.

    `versions` are its conversation's, by label; of those deleted since, what was made from them tells.
    """
    left, seen = [version], {version.label}
    while left:
        version = left.pop()
        if version.origin == "uploaded":
            return True
        made_from = version.parents if version.recipe is not None and holds_parents(version.recipe) else ()
        if made_from and version.held_own:
            return True
        parents = [versions[label] for label in made_from if label in versions and label not in seen]
        left += parents
        seen.update(parent.label for parent in parents)
    return False


def holds_parents(recipe: Recipe) -> bool:
    """Tell whether a picture holds something of its parents', and is not a new one of the same words."""
    return recipe.act not in ("create", "vary") or recipe.start != "noise" or recipe.source is not None


def parameters(story: Story, program: str) -> str:
    """Return the story as AUTOMATIC1111's web UI writes it: the prompt, then one line of settings.

    Source: `create_infotext` in modules/processing.py of AUTOMATIC1111/stable-diffusion-webui.
    """
    recipe = story.recipe
    if recipe is None:
        return story.prompt
    settings = {
        "Steps": recipe.steps,
        "Sampler": recipe.scheduler,
        "CFG scale": f"{recipe.guidance:g}",
        "Seed": recipe.seed,
        "Size": f"{recipe.width}x{recipe.height}",
        "Model hash": recipe.weights[:10] or None,
        "Model": recipe.painter,
        "Denoising strength": f"{recipe.strength:g}" if holds_parents(recipe) and recipe.act != "create" else None,
        "Batch size": recipe.batch if recipe.batch > 1 else None,
        "Batch pos": recipe.candidate if recipe.batch > 1 else None,
        "Version": program,
    }
    told = ", ".join(f"{name}: {_quoted(str(value))}" for name, value in settings.items() if value is not None)
    return f"{story.prompt}\n{told}"


def _quoted(value: str) -> str:
    """Return a value as that web UI quotes it."""
    return json.dumps(value, ensure_ascii=False) if any(sign in value for sign in ",:\n") else value


def xmp(story: Story, program: str) -> str:
    """Return the XMP packet: the program, and IPTC's digital source type (IPTC Photo Metadata 2023.1)."""
    source = f" Iptc4xmpExt:DigitalSourceType={quoteattr(SOURCES + story.source)}" if story.source else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f"xmp:CreatorTool={quoteattr(program)}{source}/></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    )


def recipe_json(story: Story) -> str:
    """Return the story as JSON, from which `read_story` restores it."""
    fields: dict[str, Any] = {
        "format": FORMAT, "format_version": FORMAT_VERSION, "label": story.label, "parents": list(story.parents),
        "prompt": story.prompt, "change": story.change, "image": story.image, "source": story.source,
        "recipe": _RECIPE.dump_python(story.recipe, mode="json") if story.recipe else None,
    }  # fmt: skip
    return json.dumps(fields, ensure_ascii=False)


def told(png: bytes, story: Story, program: str) -> bytes:
    """Return a PNG with its story in chunks behind its header; every other byte stays."""
    if png[12:16] != b"IHDR":
        raise ValueError("told needs the bytes of a PNG")
    info, chunks = PngInfo(), io.BytesIO()
    info.add_text(PARAMETERS, parameters(story, program))
    info.add_itxt(RECIPE, recipe_json(story))
    info.add_itxt(XMP, xmp(story, program))
    for kind, data, *_ in info.chunks:
        putchunk(chunks, kind, data)
    return png[:HEADER_BYTES] + chunks.getvalue() + png[HEADER_BYTES:]


def in_photo(story: Story, program: str) -> dict[str, bytes]:
    """Return what Pillow is to save in a JPEG or WebP: the parameters as a comment in EXIF, and the XMP packet."""
    exif = Image.Exif()
    comment = b"UNICODE\0" + parameters(story, program).encode("utf-16-be")
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
    return {"exif": exif.tobytes(), "xmp": xmp(story, program).encode()}


def bare(png: bytes) -> bytes:
    """Return a PNG without the chunks that tell its story: the bytes that `told` was given. Other bytes come back."""
    if png[12:16] != b"IHDR":
        return png
    kept = [png[:SIGNATURE_BYTES]]
    end = SIGNATURE_BYTES
    for start, end in _chunks(png):
        kind, text = png[start + 4 : start + 8], png[start + 8 : end].partition(b"\0")[0]
        ours = kind in (b"tEXt", b"iTXt") and text in (PARAMETERS.encode(), RECIPE.encode(), XMP.encode())
        if not ours and kind != CREDENTIALS:
            kept.append(png[start:end])
    kept.append(png[end:])
    return b"".join(kept)


def _chunks(png: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each whole chunk starts and ends."""
    at = SIGNATURE_BYTES
    while at + 12 <= len(png):
        end = at + 12 + struct.unpack_from(">I", png, at)[0]
        if end > len(png):
            return
        yield at, end
        at = end


def read_story(data: bytes) -> Story | None:
    """Return what a PNG, JPEG or WebP tells of itself, ours or AUTOMATIC1111's; None where there is nothing to read.

    It is a claim like any other in an upload: its words and numbers are checked, and nothing is believed for them.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            ours, parameters = picture.info.get(RECIPE), picture.info.get(PARAMETERS) or _comment(picture)
    except Exception:  # whatever is wrong with the file is said by whoever reads its pixels
        return None
    if isinstance(ours, str) and (story := _from_json(ours)):
        return story
    return _from_parameters(parameters) if isinstance(parameters, str) else None


def _comment(picture: Image.Image) -> str:
    comment = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment)
    if not isinstance(comment, bytes) or not comment.startswith(b"UNICODE\0"):
        return ""
    return comment[8:].decode("utf-16-be", "strict")


def _from_json(text: str) -> Story | None:
    try:
        fields = json.loads(text)
        if fields["format"] != FORMAT or fields["format_version"] > FORMAT_VERSION:
            return None
        recipe = _RECIPE.validate_python(fields["recipe"]) if fields["recipe"] else None
        story = _STORY.validate_python(
            {name: fields[name] for name in ("prompt", "change", "label", "parents", "image", "source")}
        )
    except (ValueError, KeyError, TypeError, RecursionError):  # ValidationError is a ValueError
        return None
    return _checked(replace(story, recipe=recipe))


def _from_parameters(text: str) -> Story | None:
    """Return the prompt of AUTOMATIC1111's text: all before what is unwanted and before the last line, of settings."""
    lines = text.strip().split("\n")
    if len(lines) > 1 and lines[-1].startswith("Steps: "):
        del lines[-1]
    prompt = "\n".join(lines).partition("\nNegative prompt:")[0]
    return _checked(Story(prompt))


def _checked(story: Story) -> Story | None:
    """Return a story that can be kept and shown; None where its words or numbers cannot, or there are none."""
    if max(len(story.prompt), len(story.change)) > MAX_MESSAGE_LETTERS:
        return None
    words = [story.prompt, story.change, story.label, story.image, *story.parents]
    if recipe := story.recipe:
        words += [str(value) for value in vars(recipe).values()]
        words += [part for library in recipe.libraries.items() for part in library]
        counts = (recipe.steps, recipe.width, recipe.height, recipe.batch)
        sound = 0 <= recipe.seed < MAX_SEED and recipe.candidate >= 0 and all(0 < count < MAX_COUNT for count in counts)
        if not (sound and math.isfinite(recipe.guidance) and math.isfinite(recipe.strength)):
            return None
    try:
        check_storable("".join(words))
    except MessageError:
        return None
    return story if story.prompt.strip() else None


_STORY: TypeAdapter[Story] = TypeAdapter(Story)
