"""What a pipeline's folder holds, from names and headers alone: no weight is read, no code is run. Torch-free."""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.errors import WeightsError

INDEX = "model_index.json"
PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle")
TRUSTED = ("diffusers", "transformers")
VARIANT = re.compile(r"\.(fp16|bf16)(-\d+-of-\d+)?\.safetensors$")
SAMPLE, SAMPLES = 16_384, 256
"""Bytes of each sample of a file, and about how many of them name its weights."""
LARGEST_HEADER = 100_000_000
"""Bytes; the limit of the safetensors format itself."""


@dataclass(frozen=True)
class Checkpoint:
    """A pipeline in the hub's layout.

    Attributes:
        folder: where it lies.
        pipeline: the class in diffusers that its index names.
        components: the class of each part, as (library, class).
        parameters: how many numbers each part's weights hold.
        variant: "fp16" or "bf16" where the weights are there in that precision only, else None.
        facts: what `generation.presets` tells families apart by.
    """

    folder: Path
    pipeline: str
    components: Mapping[str, tuple[str, str]]
    parameters: Mapping[str, int]
    variant: str | None
    facts: Mapping[str, object]

    @property
    def total(self) -> int:
        return sum(self.parameters.values())

    @property
    def largest(self) -> int:
        return max(self.parameters.values(), default=0)


def read_checkpoint(folder: Path, name: str) -> Checkpoint:
    """Return what a folder holds; `name` is what the person called it.

    Raises:
        WeightsError: it is no pipeline, brings its own code, holds pickled weights, or a file is damaged.
    """
    index = read_index(folder / INDEX, name)
    components = parts_of(index, name)
    parameters: dict[str, int] = {}
    variants: set[str | None] = set()
    for part in components:
        place = folder / part
        names = sorted(file.name for file in place.iterdir()) if place.is_dir() else []
        refuse_pickles(names, name, part)
        weights, variant = chosen_weights(names)
        if weights:
            parameters[part] = sum(count_parameters(place / file, name) for file in weights)
            variants.add(variant)
    if not parameters:
        raise WeightsError(
            f"{name} holds no weights, only an index; download it whole, or choose another for --painter."
        )
    variant = next(iter(variants - {None}), None)
    return Checkpoint(folder, str(index["_class_name"]), components, parameters, variant, _facts(folder, index))


def read_index(file: Path, name: str) -> dict[str, Any]:
    """Return a model_index.json.

    Raises:
        WeightsError: it cannot be read, names no pipeline, or names one of its own making.
    """
    try:
        index = json.loads(file.read_text("utf-8"))
        pipeline = index["_class_name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"{name} is no pipeline of diffusers: its {INDEX} is missing or damaged ({type(error).__name__}); give "
            "--painter a folder that `save_pretrained` wrote, or the name of one on the hub."
        ) from error
    if not isinstance(pipeline, str):
        raise _own_code(name, ".".join(map(str, pipeline)) if isinstance(pipeline, list) else str(pipeline))
    return dict(index)


def parts_of(index: Mapping[str, Any], name: str) -> dict[str, tuple[str, str]]:
    """Return the parts that an index names and that are there.

    Raises:
        WeightsError: one is of a library that Limner does not know: code that came with the weights.
    """
    parts: dict[str, tuple[str, str]] = {}
    for part, value in index.items():
        if part.startswith("_") or not (isinstance(value, list) and len(value) == 2) or value[0] is None:
            continue
        library, class_name = str(value[0]), str(value[1])
        if library not in TRUSTED and not _in_diffusers(library):
            raise _own_code(name, f"{library}.{class_name}")
        parts[part] = (library, class_name)
    return parts


def refuse_pickles(names: list[str], name: str, part: str) -> None:
    """Raises: WeightsError: among a part's files are pickled weights and no safetensors."""
    pickles = [file for file in names if file.lower().endswith(PICKLES)]
    if pickles and not any(file.endswith(".safetensors") for file in names):
        raise WeightsError(
            f"The weights of {name} are pickle files ({part}/{pickles[0]}), which can run any code when they are "
            "opened, so they are not; convert them to safetensors, or choose a model that has them."
        )


def chosen_weights(names: list[str]) -> tuple[list[str], str | None]:
    """Return which safetensors of a part are loaded, and of which variant: the plain ones where there are any."""
    found = [file for file in names if file.endswith(".safetensors")]
    plain = [file for file in found if not VARIANT.search(file)]
    if plain or not found:
        return plain, None
    match = VARIANT.search(found[0])
    variant = match[1] if match else ""
    return [file for file in found if f".{variant}" in file], variant


def count_parameters(file: Path, name: str) -> int:
    """Return how many numbers a safetensors file holds, from its header.

    Raises:
        WeightsError: it is damaged or cut short.
    """
    try:
        with file.open("rb") as source:
            (length,) = struct.unpack("<Q", source.read(8))
            if length > LARGEST_HEADER:
                raise ValueError("header too long")
            header = json.loads(source.read(length))
        tensors = [value for key, value in header.items() if key != "__metadata__"]
        end = max((value["data_offsets"][1] for value in tensors), default=0)
        if file.stat().st_size < 8 + length + end:
            raise ValueError("cut short")
        return sum(math.prod(value["shape"]) for value in tensors)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error) as error:
        raise WeightsError(
            f"{file.parent.name}/{file.name} of {name} is damaged ({error}); download it again."
        ) from error


def _facts(folder: Path, index: Mapping[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {"is_distilled": index.get("is_distilled")}
    scheduler = index.get("scheduler")
    if isinstance(scheduler, list) and len(scheduler) == 2:
        facts["scheduler"] = scheduler[1]
    try:
        config = json.loads((folder / "transformer" / "config.json").read_text("utf-8"))
        facts["guidance_embeds"] = config.get("guidance_embeds")
    except (OSError, ValueError, AttributeError):
        pass  # no transformer, or one that says nothing; a damaged one is reported when it is loaded
    return facts


def _in_diffusers(library: str) -> bool:
    """Say whether a part's library is a folder of diffusers' own pipelines ("stable_diffusion", "unclip" …)."""
    import importlib.util

    spec = importlib.util.find_spec("diffusers")
    if spec is None or not spec.submodule_search_locations or not library.isidentifier():
        return False
    pipelines = Path(spec.submodule_search_locations[0]) / "pipelines"
    return any((place / library).is_dir() for place in (pipelines, pipelines / "deprecated"))


def _own_code(name: str, what: str) -> WeightsError:
    return WeightsError(
        f"{name} comes with code of its own ({what}), which Limner does not run (there is no trust_remote_code here); "
        "choose a model made of the classes of diffusers and transformers."
    )


def digest_of(folder: Path, parts: Mapping[str, object]) -> str:
    """Return a SHA-256 that names the weights: over their files' names, sizes, headers and evenly spaced samples.

    Every weight of a fine-tuned model differs a little, so that samples tell it from its parent; reading all bytes of a
    large model would take a minute.
    """
    digest = hashlib.sha256()
    for part in sorted(parts):
        place = folder / part
        names = sorted(file.name for file in place.iterdir()) if place.is_dir() else []
        for file in chosen_weights(names)[0]:
            size = (place / file).stat().st_size
            digest.update(f"{part}/{file} {size}".encode())
            with (place / file).open("rb") as source:
                for at in range(0, size, max(SAMPLE, size // SAMPLES)):
                    source.seek(at)
                    digest.update(source.read(SAMPLE))
    return digest.hexdigest()
