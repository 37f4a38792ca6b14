"""Pipelines of diffusers: loaded and put on the device as placed, their siblings, their schedulers while they run.

Everything that depends on how diffusers works inside is here; what is known of single models is in `presets`.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import logging
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting, AutoPipelineForText2Image
from diffusers.schedulers.scheduling_utils import SchedulerMixin
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image
from torch import nn
from transformers.utils import is_torchvision_available

from captioner.errors import first_line
from generation.checkpoints import Checkpoint, read_checkpoint
from generation.errors import WeightsError
from generation.hub import fetched
from generation.placement import Machine, Placement, Wishes, place, this_machine
from generation.presets import EDIT, MASKED, Preset, Route, preset_of
from generation.processors import PROCESSORS, read_processor

LOG = logging.getLogger(__name__)
USUAL_SIDE = 1_024
DECODERS = ("KandinskyPipeline", "KandinskyV22Pipeline", "KandinskyV22InpaintPipeline")
"""Checkpoints that are half a model; diffusers fetches the prior that their card names."""
MOVED = {"UnCLIPTextProjModel": "diffusers.pipelines.deprecated.unclip.text_proj"}
"""Parts that checkpoints name and that diffusers has put where it does not look for them any more."""


@dataclass(frozen=True)
class Loaded:
    """A pipeline that is ready to paint, and what is known of it."""

    pipeline: Any
    checkpoint: Checkpoint
    preset: Preset
    placement: Placement


def load(source: str, wishes: Wishes | None = None, machine: Machine | None = None, move: bool = True) -> Loaded:
    """Load a pipeline from a folder or from the hub. Whatever fails, nothing stays loaded.

    Args:
        move: whether to put it on its device now; else it lies in main memory.

    Raises:
        WeightsError: there is none of that name, it cannot be trusted, it is too large, or it paints no pictures.
    """
    checkpoint = read_checkpoint(Path(source) if Path(source).is_dir() else fetched(source), source)
    machine = machine or this_machine()
    placement = place(source, machine, checkpoint.total, checkpoint.largest, wishes)
    LOG.info("%s: %s", source, placement)
    try:
        pipeline = _read(checkpoint, placement)
        preset = preset_of(checkpoint.pipeline, source, checkpoint.facts) or _guessed(pipeline, source)
        _set_scheduler(pipeline, preset)
        _set_memory(pipeline, placement)
        if placement.offload == "none" and move:
            pipeline.to(placement.device)
    except WeightsError:
        raise
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise WeightsError(
            f"There is too little memory to load {source} ({placement}); close other programs, set "
            "LIMNER_PAINTER_OFFLOAD=sequential, or choose a smaller model."
        ) from error
    except Exception as error:  # the loaders raise a dozen types; each means the same to a person
        raise WeightsError(
            f"The pipeline {source} could not be loaded ({first_line(error)}); download it again, or choose another."
        ) from error
    return Loaded(pipeline, checkpoint, preset, placement)


def sibling(pipeline: Any, name: str) -> Any:
    """Return a pipeline of another class on the same parts.

    `DiffusionPipeline.from_pipe` would do so too, but turns the shared weights into float32 unless told otherwise.
    """
    wanted = getattr(diffusers, name)
    if type(pipeline) is wanted:
        return pipeline
    parameters = inspect.signature(wanted.__init__).parameters
    parts = {part: value for part, value in pipeline.components.items() if part in parameters}
    flags = {
        flag: pipeline.config[flag]
        for flag in parameters
        if flag in pipeline.config and flag not in parts and not flag.startswith("_")
    }
    found = wanted(**flags, **parts)
    found.set_progress_bar_config(disable=True)
    return found


def offload(pipeline: Any, placement: Placement) -> None:
    """Lay offload hooks on a pipeline's parts, in the order in which this pipeline uses them."""
    if placement.offload == "model":
        pipeline.enable_model_cpu_offload(device=placement.device)
    elif placement.offload == "sequential":
        pipeline.enable_sequential_cpu_offload(device=placement.device)


def native_side(pipeline: Any) -> int | None:
    """Return the side in pixels that a checkpoint says it was trained at; None where it does not say."""
    last = getattr(pipeline, "super_res_last", None)
    model = last or getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    cells = getattr(getattr(model, "config", None), "sample_size", None)
    return cells * pixels_a_cell(pipeline) if isinstance(cells, int) and cells > 0 else None


def pixels_a_cell(pipeline: Any) -> int:
    """Return how many pixels a latent cell is wide; 1 for pipelines without an autoencoder."""
    if movq := getattr(pipeline, "movq", None):
        return int(2 ** (len(movq.config.block_out_channels) - 1))
    return int(getattr(pipeline, "vae_scale_factor", 8)) if hasattr(pipeline, "vae") else 1


def accepts(pipeline: Any, given: Mapping[str, object]) -> dict[str, object]:
    """Return those arguments that a pipeline's call takes."""
    parameters = inspect.signature(pipeline.__call__).parameters
    return {name: value for name, value in given.items() if name in parameters}


def takes(name: str, parameter: str) -> bool:
    """Tell whether a pipeline of this class takes a parameter."""
    return parameter in inspect.signature(getattr(diffusers, name).__call__).parameters


@contextlib.contextmanager
def watched(pipeline: Any, after_step: Callable[[bool], None], begin: int = 0) -> Iterator[None]:
    """Have `after_step` called after each step while a pipeline runs; what it raises ends the run.

    Its argument says whether it is a step of the picture itself, and not of a prior or an enlarger. diffusers has three
    ways of calling back, and some pipelines have none; all of them step through their schedulers.

    Args:
        begin: how many steps are left out at the start, for latents that are noised only so far.
    """
    main = getattr(pipeline, "scheduler", None) or getattr(pipeline, "decoder_scheduler", None)
    schedulers = {id(part): part for part in pipeline.components.values() if isinstance(part, SchedulerMixin)}
    for scheduler in schedulers.values():
        _watch(scheduler, after_step, scheduler is main, begin if scheduler is main else 0)
    try:
        yield
    finally:
        for scheduler in schedulers.values():
            for name in ("step", "set_timesteps"):
                scheduler.__dict__.pop(name, None)


def _watch(scheduler: Any, after_step: Callable[[bool], None], is_main: bool, begin: int) -> None:
    whole: list[Any] = []
    step, set_timesteps = scheduler.step, scheduler.set_timesteps

    @functools.wraps(set_timesteps)
    def set_late(*args: Any, **given: Any) -> Any:
        answer = set_timesteps(*args, **given)
        if begin:
            # A pipeline reads its times once, before its first step; after that the scheduler needs them whole.
            whole[:] = [scheduler.timesteps]
            scheduler.timesteps = scheduler.timesteps[begin:]
            scheduler.set_begin_index(begin)
        return answer

    @functools.wraps(step)
    def step_and_tell(*args: Any, **given: Any) -> Any:
        if whole:
            scheduler.timesteps = whole.pop()
        answer = step(*args, **given)
        after_step(is_main)
        return answer

    scheduler.step, scheduler.set_timesteps = step_and_tell, set_late


def noised(
    pipeline: Any, picture: Image.Image, steps: int, strength: float, generator: torch.Generator, device: str
) -> tuple[torch.Tensor, int]:
    """Return a picture's latent with as much noise as `strength` says, and how many of the steps are behind it.

    SDEdit (arXiv:2108.01073) for pipelines that take latents and no pictures.
    """
    scheduler, autoencoder = pipeline.scheduler, pipeline.vae
    scheduler.set_timesteps(steps, device=device)
    begin = (steps - late_steps(steps, strength)) * getattr(scheduler, "order", 1)
    pixels = pipeline.image_processor.preprocess(picture, height=picture.height, width=picture.width)
    with torch.inference_mode():
        encoded = autoencoder.encode(pixels.to(device, autoencoder.dtype))
        latent = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latent
    latent = (latent - (getattr(autoencoder.config, "shift_factor", None) or 0)) * autoencoder.config.scaling_factor
    noise = randn_tensor(latent.shape, generator=generator, device=torch.device(device), dtype=latent.dtype)
    scheduler.set_begin_index(begin)
    add = getattr(scheduler, "scale_noise", None) or scheduler.add_noise
    time = scheduler.timesteps[begin : begin + 1]
    start = add(latent, time, noise) if add.__name__ == "scale_noise" else add(latent, noise, time)
    return start / float(scheduler.init_noise_sigma if hasattr(scheduler, "init_noise_sigma") else 1.0), begin


def late_steps(steps: int, strength: float) -> int:
    """Return how many of the steps an edit of this strength takes, as diffusers counts them."""
    return min(max(int(steps * strength), 1), steps)


def enough_steps(steps: int, strength: float | None) -> int:
    """Return as many steps, or as many more as it takes for one to be left at this strength."""
    if strength is None or int(steps * strength) >= 1:
        return steps
    return math.ceil(1 / max(strength, 0.01) + 1e-6)


def _read(checkpoint: Checkpoint, placement: Placement) -> Any:
    given: dict[str, Any] = {}
    if checkpoint.pipeline in DECODERS:
        given["load_connected_pipeline"] = True
    ours: dict[str, Any] = {}
    dtype = getattr(torch, placement.dtype)
    for part, (_, name) in checkpoint.components.items():
        if name in MOVED:
            kind = getattr(importlib.import_module(MOVED[name]), name)
            ours[part] = kind.from_pretrained(checkpoint.folder / part, use_safetensors=True).to(dtype)
        elif name in PROCESSORS and not is_torchvision_available():
            ours[part] = read_processor(checkpoint.folder / part, name)
    given |= dict.fromkeys(ours)  # a part that is given as None is not looked for
    pipeline = diffusers.DiffusionPipeline.from_pretrained(
        checkpoint.folder, dtype=dtype, use_safetensors=True, variant=checkpoint.variant, **given
    )
    pipeline.register_modules(**ours)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _set_scheduler(pipeline: Any, preset: Preset) -> None:
    if not preset.scheduler and not preset.scheduler_options:
        return
    own = pipeline.scheduler
    wanted = getattr(diffusers, preset.scheduler) if preset.scheduler else type(own)
    pipeline.scheduler = wanted.from_config(own.config, **preset.scheduler_options)


def _set_memory(pipeline: Any, placement: Placement) -> None:
    if placement.tiling and hasattr(getattr(pipeline, "vae", None), "enable_tiling"):
        pipeline.vae.enable_tiling()
    if placement.attention == "slicing":
        pipeline.enable_attention_slicing()
    elif placement.attention != "auto":
        for part in pipeline.components.values():
            if hasattr(part, "set_attention_backend"):
                part.set_attention_backend(placement.attention)


def _guessed(pipeline: Any, source: str) -> Preset:
    """Return what diffusers itself knows of a pipeline of no family that we know.

    Raises:
        WeightsError: it does not make pictures from words.
    """
    name = type(pipeline).__name__
    create = _kin(AutoPipelineForText2Image, pipeline)
    if create is None:
        raise WeightsError(
            f"{source} holds a {name}, which paints no pictures from words; choose a text-to-image pipeline."
        )
    image, inpaint = _kin(AutoPipelineForImage2Image, pipeline), _kin(AutoPipelineForInpainting, pipeline)
    edit = Route(image, "picture", strength=EDIT) if image else None
    masked = Route(inpaint, "picture", strength=MASKED) if inpaint else edit
    defaults = inspect.signature(pipeline.__call__).parameters
    side = native_side(pipeline) or USUAL_SIDE
    guidance = defaults["guidance_scale"].default if "guidance_scale" in defaults else None
    return Preset(
        name, (name,), Route(create), edit, masked, ((side, side),), 2 * pixels_a_cell(pipeline),
        int(defaults["num_inference_steps"].default), float(guidance or 1.0), 0, "the pipeline's own defaults",
        parameters=_billions(pipeline),
    )  # fmt: skip


def _billions(pipeline: Any) -> float:
    """Return the parameters of all parts together, in billions."""
    parts = (part for part in pipeline.components.values() if isinstance(part, nn.Module))
    return sum(parameter.numel() for part in parts for parameter in part.parameters()) / 1e9


def _kin(auto: Any, pipeline: Any) -> str | None:
    """Return the class of the pipeline's kin for another task; None where diffusers has none."""
    try:
        return type(auto.from_pipe(pipeline)).__name__
    except ValueError:
        return None
