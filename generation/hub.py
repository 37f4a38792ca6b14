"""Pipelines by name on the Hugging Face hub: found, checked before anything large moves, and downloaded. Torch-free
until it downloads.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

from captioner.errors import first_line
from generation.checkpoints import INDEX, VARIANT, parts_of, read_index, refuse_pickles
from generation.errors import WeightsError

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
        return _cached(name, error)
    except Exception as error:
        if "httpx" not in type(error).__module__ and "httpcore" not in type(error).__module__:
            raise
        return _cached(name, error)
    files = {sibling.rfilename: sibling.size or 0 for sibling in info.siblings or ()}
    try:
        variant = _check_remote(name, files)
        return _download(name, variant)
    except GatedRepoError as error:
        raise _gated(name) from error
    except WeightsError:
        raise
    except Exception as error:
        raise WeightsError(
            f"The download of {name} broke off ({first_line(error)}); run the command again, and it goes on where "
            "it was."
        ) from error


def _check_remote(name: str, files: dict[str, int]) -> str | None:
    """Check a repository's list of files, and return the variant to take: half the bytes where there is one."""
    from huggingface_hub import constants, hf_hub_download

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
    halves = {match[1] for file in weights if (match := VARIANT.search(file))}
    variant = "fp16" if "fp16" in halves else next(iter(sorted(halves)), None)
    size = sum(
        size for file, size in weights.items()
        if not VARIANT.search(file) or (variant is not None and f".{variant}" in file)
    )  # fmt: skip
    place = Path(constants.HF_HUB_CACHE)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if size > free:
        raise WeightsError(
            f"{name} takes up to {size / GB:.1f} GB and {free / GB:.1f} GB are free in {constants.HF_HUB_CACHE}; make "
            "room, or set HF_HOME to another disk."
        )
    LOG.info("%s takes up to %.1f GB; what is cached already is not downloaded again.", name, size / GB)
    return variant


def _download(name: str, variant: str | None) -> Path:
    from diffusers import DiffusionPipeline

    given: dict[str, Any] = {"use_safetensors": True, "load_connected_pipeline": True}
    return Path(DiffusionPipeline.download(name, variant=variant, **given))


def _cached(name: str, error: Exception) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        raise WeightsError(
            f"{name} is not on this machine, and the hub cannot be reached ({type(error).__name__}); go online once to "
            "download it, or give --painter a folder."
        ) from error


def _gated(name: str) -> WeightsError:
    return WeightsError(
        f"{name} wants its terms accepted first: do so on https://huggingface.co/{name}, then set HF_TOKEN to a token "
        "of that account."
    )
