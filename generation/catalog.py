"""The models that can paint: those that presets name, and those that are on this machine. Torch-free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generation.checkpoints import INDEX, count_parameters, read_checkpoint
from generation.errors import GenerationError
from generation.presets import HUB, PRESETS, Preset, Route, preset_of

BYTES_A_PARAMETER = 2
"""In half precision."""


@dataclass(frozen=True)
class Known:
    """A model that `--painter` takes.

    Attributes:
        name: what `--painter` is given; "" for a preset whose source is no pipeline of its own.
        preset: the family's name.
        can: each act and how it is done.
        cached: whether its weights are on this machine.
        weights: bytes of its weights in half precision; 0 where nobody says. Counted for what is here, else by the
            parameters that its card names.
        largest: bytes of its largest part, of which offloading keeps at least one layer; 0 where it is not here.
        problem: why it cannot be used though it is here, or "".
        source: where its numbers come from.
    """

    name: str
    preset: str
    can: dict[str, str]
    cached: bool
    weights: int
    largest: int
    problem: str
    source: str


def known_models(folder: Path | None = None) -> list[Known]:
    """Return what is cached, then what else is known.

    Args:
        folder: a pipeline's folder, to be told of that one alone.

    Raises:
        WeightsError: the folder holds no pipeline that can be used.
    """
    if folder is not None:
        return [_here(str(folder), folder)]
    here = {known.name: known for known in _cached()}
    others = [_elsewhere(preset) for preset in PRESETS if preset.source.removeprefix(HUB) not in here]
    return [*here.values(), *others]


def chat_model_weights(source: str) -> int:
    """Return the bytes of a chat model's weights in half precision; 0 where it is not on this machine."""
    folder = Path(source) if Path(source).is_dir() else _snapshot(source)
    files = sorted(folder.glob("*.safetensors")) if folder else []
    return sum(count_parameters(file, source) for file in files) * BYTES_A_PARAMETER


def _snapshot(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, "config.json")
    return Path(found).parent if isinstance(found, str) else None


def abilities(preset: Preset) -> dict[str, str]:
    """Return the acts of a preset and, in a few words, how each is done."""
    routes: dict[str, Route | None] = {"create": preset.create, "edit": preset.edit, "masked edit": preset.masked}
    return {
        act: "from words" if act == "create" and route.start == "noise" else _says(act, route)
        for act, route in routes.items()
        if route is not None
    }


def _says(act: str, route: Route) -> str:
    if act == "masked edit" and "Inpaint" not in route.pipeline and "Fill" not in route.pipeline:
        return f"{route.says}, only the inside kept"
    return route.says


def _cached() -> Iterator[Known]:
    from huggingface_hub import constants, scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repositories = scan_cache_dir(constants.HF_HUB_CACHE).repos
    except CacheNotFound:
        return
    for repository in sorted(repositories, key=lambda found: found.repo_id):
        revisions = sorted(repository.revisions, key=lambda found: found.last_modified, reverse=True)
        folder = next((found.snapshot_path for found in revisions if (found.snapshot_path / INDEX).is_file()), None)
        if repository.repo_type != "model" or folder is None:
            continue
        try:
            yield _here(repository.repo_id, folder)
        except GenerationError as error:
            yield Known(repository.repo_id, "", {}, True, 0, 0, str(error), HUB + repository.repo_id)


def _here(name: str, folder: Path) -> Known:
    checkpoint = read_checkpoint(folder, name)
    preset = preset_of(checkpoint.pipeline, name, checkpoint.facts)
    weights, largest = (count * BYTES_A_PARAMETER for count in (checkpoint.total, checkpoint.largest))
    if preset is None:
        return Known(name, checkpoint.pipeline, {}, True, weights, largest, "", "the pipeline's own defaults")
    return Known(name, preset.name, abilities(preset), True, weights, largest, "", preset.source)


def _elsewhere(preset: Preset) -> Known:
    name = preset.source.removeprefix(HUB)
    weights = round(preset.parameters * 1e9) * BYTES_A_PARAMETER
    return Known(
        name if preset.is_checkpoint else "", preset.name, abilities(preset), False, weights, 0, "", preset.source
    )
