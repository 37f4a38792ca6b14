"""LoRAs by name: found on disk, read from safetensors, laid over a pipeline's weights."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captioner.errors import first_line
from generation.errors import RequestError, WeightsError

LARGEST = 10.0


@dataclass(frozen=True)
class Lora:
    """A file of low-rank weights (arXiv:2106.09685) and how strongly it is used."""

    name: str
    file: Path
    scale: float = 1.0

    @property
    def digest(self) -> str:
        with self.file.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()


def find_loras(text: str, folder: Path) -> tuple[Lora, ...]:
    """Return the LoRAs of a setting such as "watercolour:0.8, faces".

    Args:
        text: names of files in `folder` (with or without .safetensors) or paths, each with a scale after a colon.
        folder: where names are looked up.

    Raises:
        RequestError: a scale is no number.
        WeightsError: there is no such file, or it is not safetensors.
    """
    found: list[Lora] = []
    for entry in (part.strip() for part in text.split(",")):
        if not entry:
            continue
        name, colon, number = entry.rpartition(":")
        if not colon:
            name, number = entry, "1"
        try:
            scale = float(number)
        except ValueError:
            name, scale = entry, 1.0
        if not -LARGEST <= scale <= LARGEST:
            raise RequestError(f"The LoRA {name} cannot have the strength {number}; use a number from 0 to about 1.")
        found.append(Lora(Path(name).stem, _file(name, folder), scale))
    if len({lora.name for lora in found}) < len(found):
        raise RequestError("The same LoRA was named twice; name each once, with its strength after a colon.")
    return tuple(found)


def lay_over(pipeline: Any, loras: Sequence[Lora], name: str) -> None:
    """Load LoRAs into a pipeline, whose siblings share them.

    Raises:
        WeightsError: one does not fit the pipeline.
    """
    if not loras:
        return
    if not hasattr(pipeline, "load_lora_weights"):
        raise WeightsError(f"{name} takes no LoRA; leave LIMNER_PAINTER_LORAS unset.")
    for at, lora in enumerate(loras):
        try:
            pipeline.load_lora_weights(str(lora.file.parent), weight_name=lora.file.name, adapter_name=f"lora{at}")
        except Exception as error:  # a LoRA of another family fails in many ways
            raise WeightsError(
                f"The LoRA {lora.name} does not fit {name} ({first_line(error, 150)}); choose one that was made for "
                "this model."
            ) from error
    pipeline.set_adapters([f"lora{at}" for at in range(len(loras))], [lora.scale for lora in loras])


def _file(name: str, folder: Path) -> Path:
    places = [Path(name), folder / name, folder / f"{name}.safetensors"]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        known = sorted(place.stem for place in folder.glob("*.safetensors"))[:10]
        there = f"; there are {', '.join(known)}" if known else ""
        raise WeightsError(f"There is no LoRA {name!r} in {folder}{there}; put its .safetensors file there.")
    if file.suffix != ".safetensors":
        raise WeightsError(
            f"The LoRA {name} is no .safetensors file, and pickles can run any code when they are opened; convert it."
        )
    return file
