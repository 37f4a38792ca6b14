"""Pipelines and chat models by name on the Hugging Face hub: found, checked before anything large moves, and
downloaded. Torch-free until a pipeline is downloaded.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from captioner.errors import first_line
from generation.checkpoints import INDEX, VARIANT, parts_of, read_index, refuse_pickles
from generation.errors import WeightsError
from generation.fetching import fetch

LOG = logging.getLogger(__name__)
GB = 1_000_000_000
PATIENCE = 10.0
"""Seconds that the hub has to answer before what is cached is used."""


def fetched(name: str) -> Path:
    """Return the folder of a pipeline of the hub, downloaded if it is not there yet; without network, as cached.

    Raises:
        WeightsError: there is none of that name or it may not be read, its weights are pickles, it needs code of its
            own, the disk is too full, or the hub cannot be reached and nothing is cached.
    """
    return _fetched(name, _fetch_pipeline, "--painter")


def fetched_chat_model(name: str, patterns: Sequence[str]) -> Path:
    """Return the folder of a language model of the hub with the files that match; otherwise as `fetched`."""
    return fetched_model(name, patterns, "--rewriter")


def fetched_model(name: str, patterns: Sequence[str], option: str) -> Path:
    """Return the folder of any model of the hub with the files that match; `option` is where it is named.

    Otherwise as `fetched`.
    """

    def fetch_files(info: Any) -> Path:
        from huggingface_hub import snapshot_download

        files = {file: size for file, size in _files(info).items() if any(fnmatch(file, one) for one in patterns)}
        _fetch(name, info.sha, {file: size for file, size in files.items() if file.endswith(".safetensors")})
        # By its branch and not by its hash, or nothing would be found by that name without a network.
        return Path(snapshot_download(name, allow_patterns=list(patterns)))

    return _fetched(name, fetch_files, option, patterns)


def _fetched(name: str, download: Callable[[Any], Path], option: str, patterns: Sequence[str] | None = None) -> Path:
    """Ask the hub for a repository and have it downloaded; what is cached serves where the hub cannot be reached."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )  # fmt: skip

    try:
        info = HfApi().model_info(name, files_metadata=True, timeout=PATIENCE)
    except GatedRepoError as error:
        raise _gated(name) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise WeightsError(
            f"There is no model {name!r} on the hub, or it is private; check the name, or set HF_TOKEN."
        ) from error
    except (OfflineModeIsEnabled, HfHubHTTPError, OSError) as error:  # httpx' errors reach us as OSError too
        return _cached(name, error, option, patterns)
    except Exception as error:
        if "httpx" not in type(error).__module__ and "httpcore" not in type(error).__module__:
            raise
        return _cached(name, error, option, patterns)
    try:
        return download(info)
    except GatedRepoError as error:
        raise _gated(name) from error
    except WeightsError:
        raise
    except Exception as error:
        raise WeightsError(
            f"The download of {name} broke off ({first_line(error)}); run the command again, and it goes on where "
            "it was."
        ) from error


def _files(info: Any) -> dict[str, int]:
    return {sibling.rfilename: sibling.size or 0 for sibling in info.siblings or ()}


def _fetch_pipeline(info: Any) -> Path:
    from diffusers import DiffusionPipeline
    from huggingface_hub import hf_hub_download

    name, files = info.id, _files(info)
    if INDEX not in files:
        raise WeightsError(
            f"{name} is on the hub, but is no pipeline of diffusers (it has no {INDEX}); choose one that is."
        )
    parts = parts_of(read_index(Path(hf_hub_download(name, INDEX)), name), name)
    for part in parts:
        refuse_pickles([file.split("/")[-1] for file in files if file.startswith(f"{part}/")], name, part)
    weights = {
        file: size for file, size in files.items() if file.endswith(".safetensors") and file.split("/")[0] in parts
    }
    variant = _variant(weights)
    _fetch(name, info.sha, _chosen(weights, variant))
    given: dict[str, Any] = {"use_safetensors": True, "load_connected_pipeline": True}
    return Path(DiffusionPipeline.download(name, variant=variant, **given))


def _variant(weights: Mapping[str, int]) -> str | None:
    """Return the precision to take: half the bytes where there is one."""
    halves = {match[1] for file in weights if (match := VARIANT.search(file))}
    return "fp16" if "fp16" in halves else next(iter(sorted(halves)), None)


def _chosen(weights: Mapping[str, int], variant: str | None) -> dict[str, int]:
    """Return the files of each part that diffusers takes: the variant's, or the ordinary ones where there is none."""
    parts: dict[str, dict[str, int]] = {}
    for file, size in weights.items():
        parts.setdefault(file.split("/")[0], {})[file] = size
    chosen: dict[str, int] = {}
    for files in parts.values():
        halved = {file: size for file, size in files.items() if variant and f".{variant}" in file}
        chosen |= halved or {file: size for file, size in files.items() if not VARIANT.search(file)}
    return chosen


def _fetch(name: str, revision: str, weights: Mapping[str, int]) -> None:
    """Fetch the large files of a repository, having said how large they are and seen that there is room."""
    from huggingface_hub import constants

    size = sum(weights.values())
    place = Path(constants.HF_HUB_CACHE)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if size > free:
        raise WeightsError(
            f"{name} takes up to {size / GB:.1f} GB and {free / GB:.1f} GB are free in {constants.HF_HUB_CACHE}; make "
            "room, or set HF_HOME to another disk."
        )
    LOG.info("%s takes %.1f GB; what is here already is not downloaded again.", name, size / GB)
    for file in sorted(weights):
        fetch(name, file, revision)


def _cached(name: str, error: Exception, option: str, patterns: Sequence[str] | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        wanted = list(patterns) if patterns else None
        return Path(snapshot_download(name, local_files_only=True, allow_patterns=wanted))
    except LocalEntryNotFoundError:
        raise WeightsError(
            f"{name} is not on this machine, and the hub cannot be reached ({type(error).__name__}); go online once to "
            f"download it, or give {option} a folder."
        ) from error


def _gated(name: str) -> WeightsError:
    return WeightsError(
        f"{name} wants its terms accepted first: do so on https://huggingface.co/{name}, then set HF_TOKEN to a token "
        "of that account."
    )
