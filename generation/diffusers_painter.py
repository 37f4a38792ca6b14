"""Any text-to-image pipeline of diffusers as a painter: Stable Diffusion, SDXL, SD 3, FLUX, Qwen-Image and such.

New pictures come from the pipeline itself, edits from its image-to-image kin (SDEdit, arXiv:2108.01073), masked edits
from its inpainting kin, all on the same weights. Pipelines that follow instructions (Kontext, Qwen-Image-Edit) are not
told apart yet. A pipeline keeps no latents here: every edit starts from its parent's pixels.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import inspect
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting, AutoPipelineForText2Image
from PIL import Image

from generation.errors import GenerationError, PaintingError, RequestError, WeightsError
from generation.pixels import opened, png
from generation.regions import pasted, read_mask
from generation.request import (
    BlobReader,
    Capabilities,
    PaintAct,
    Recipe,
    RenderEvent,
    RenderFinished,
    RenderProgress,
    RenderRequest,
    check_size,
)

EDIT_STRENGTH, MASKED_STRENGTH = 0.6, 0.95
"""How far toward noise an edit of full strength goes: far enough to change a face and near enough to keep the layout;
inside a mask nearly all the way, since outside of it nothing can be lost."""
SMALLEST, LARGEST = 64, 2_048
USUAL_SIDE = 1_024


class DiffusersPainter:
    """Paints with a pipeline from a folder or from the hub.

    Raises:
        WeightsError: there is none of that name, or it is no text-to-image pipeline.
    """

    def __init__(self, source: str, device: str | None = None):
        self.name = source
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        dtype = torch.bfloat16 if self.device.type == "cuda" else torch.float32
        try:
            pipeline = AutoPipelineForText2Image.from_pretrained(source, torch_dtype=dtype)
        except Exception as error:  # the loaders raise a dozen types; each means the same to a person
            first = (str(error).splitlines() or [type(error).__name__])[0][:200]
            raise WeightsError(
                f"no text-to-image pipeline of diffusers could be loaded from {source!r} ({first}); give --painter a "
                "folder that has a model_index.json, or the name of one on the hub."
            ) from error
        self.text_to_image: Any = pipeline.to(self.device)
        self.text_to_image.set_progress_bar_config(disable=True)
        self.image_to_image = _kin(AutoPipelineForImage2Image, pipeline)
        self.inpainting = _kin(AutoPipelineForInpainting, pipeline)

    @cached_property
    def weights_digest(self) -> str:
        """SHA-256 over the names, shapes and sums of all weights: quicker than their bytes, and no other model's."""
        digest = hashlib.sha256()
        for name, part in sorted(self.text_to_image.components.items()):
            if isinstance(part, torch.nn.Module):
                for key, value in part.state_dict().items():
                    digest.update(f"{name}.{key}{tuple(value.shape)}{float(value.double().sum())}".encode())
        return digest.hexdigest()

    def capabilities(self) -> Capabilities:
        acts: tuple[PaintAct, ...] = ("create", "vary", "edit") if self.image_to_image else ("create", "vary")
        factor = int(getattr(self.text_to_image, "vae_scale_factor", 8))
        side = _sample_size(self.text_to_image) * factor or USUAL_SIDE
        defaults = inspect.signature(self.text_to_image.__call__).parameters
        return Capabilities(
            name=self.name, acts=acts, default_size=(side, side),
            min_size=min(SMALLEST, side), max_size=max(LARGEST, side),
            size_multiple=2 * factor if side % (2 * factor) == 0 else factor,
            default_steps=int(defaults["num_inference_steps"].default), max_steps=200, max_batch=1,
            masks=self.inpainting is not None,
            default_guidance=float(defaults["guidance_scale"].default or 1.0) if "guidance_scale" in defaults else 1.0,
            weights=self.weights_digest,
        )  # fmt: skip

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        for request in requests:
            yield from self._paint(request, blobs, stopped)

    def _paint(self, request: RenderRequest, blobs: BlobReader, stopped: Callable[[], bool]) -> Iterator[RenderEvent]:
        can = self.capabilities()
        size = check_size((request.width or can.default_size[0], request.height or can.default_size[1]), can)
        steps, guidance = request.steps or can.default_steps, request.guidance or can.default_guidance
        pipeline, given, original, mask = self._prepared(request, blobs, size)
        seed = int.from_bytes(hashlib.sha256(f"{request.seed}-{request.candidate}".encode()).digest()[:7])
        given |= {
            "prompt": request.prompt, "num_inference_steps": steps, "guidance_scale": guidance,
            "generator": torch.Generator("cpu").manual_seed(seed),
        }  # fmt: skip
        events: queue.SimpleQueue[RenderEvent | BaseException | Image.Image] = queue.SimpleQueue()

        def after_step(pipe: Any, step: int, moment: Any, kept: dict[str, Any]) -> dict[str, Any]:
            if stopped():
                pipe._interrupt = True  # diffusers' own way to leave early
            events.put(RenderProgress(request.id, min(step + 1, steps), steps))
            return kept

        def work() -> None:
            try:
                events.put(pipeline(**given, callback_on_step_end=after_step).images[0])
            except BaseException as error:  # carried over to the turn's own thread
                events.put(error)

        # The pipeline calls back and cannot be waited for step by step, so it runs beside this generator.
        threading.Thread(target=work, name="limner-pipeline", daemon=True).start()
        while not isinstance(event := events.get(), Image.Image):
            if isinstance(event, BaseException):
                raise _told(event, self.name) from event
            yield event
        if stopped():
            return
        picture = np.asarray(event.convert("RGB").resize(size))
        if original is not None and mask is not None:
            picture = pasted(picture, original, mask)
        changed = None if original is None else float((picture != original).any(-1).mean())
        recipe = Recipe(
            painter=self.name, weights=self.weights_digest, act=request.act, prompt=request.prompt,
            change=request.change, seed=request.seed, candidate=request.candidate, batch=1, steps=steps,
            guidance=guidance, scheduler=type(self.text_to_image.scheduler).__name__, width=size[0], height=size[1],
            start="noise" if original is None else f"pixels:{request.parent_image}",
            mask=request.mask if original is not None else None,
            parent_image=request.parent_image if original is not None else None, strength=request.strength,
            libraries={name: importlib.metadata.version(name) for name in ("torch", "diffusers", "transformers")},
        )  # fmt: skip
        yield RenderFinished(request.id, png(picture), b"", recipe, changed)

    def _prepared(
        self, request: RenderRequest, blobs: BlobReader, size: tuple[int, int]
    ) -> tuple[Any, dict[str, Any], np.ndarray | None, Image.Image | None]:
        """Return which pipeline paints a request, what it gets beside the words, and what an edit keeps."""
        if request.act != "edit":
            return self.text_to_image, {"width": size[0], "height": size[1]}, None, None
        if not request.parent_image:
            raise RequestError("an edit needs the picture that it starts from; none was given.")
        parent = opened(blobs.read(request.parent_image), size)
        original = np.asarray(parent)
        if not request.mask:
            if self.image_to_image is None:
                raise RequestError(f"{self.name} cannot edit pictures; ask for a new one.")
            return self.image_to_image, {"image": parent, "strength": EDIT_STRENGTH * request.strength}, original, None
        if self.inpainting is None:
            raise RequestError(f"{self.name} cannot keep to a mask; leave the mask out and say where in words.")
        mask = read_mask(blobs.read(request.mask))
        given = {
            "image": parent, "mask_image": mask.resize(size), "strength": MASKED_STRENGTH * request.strength,
            "width": size[0], "height": size[1],
        }  # fmt: skip
        return self.inpainting, given, original, mask


def is_pipeline(source: str) -> bool:
    """Say whether a painter's name may be a pipeline: a folder with a model_index.json, or OWNER/NAME on the hub."""
    return (Path(source) / "model_index.json").is_file() or (source.count("/") == 1 and not Path(source).exists())


def _sample_size(pipeline: Any) -> int:
    """Return the side, in latent cells, that a pipeline was trained at; 0 where it does not say."""
    model = getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    found = getattr(pipeline, "default_sample_size", None) or getattr(getattr(model, "config", None), "sample_size", 0)
    return found if isinstance(found, int) else 0


def _kin(auto: Any, pipeline: Any) -> Any:
    """Return the pipeline's kin for another task on the same weights; None where diffusers has none."""
    try:
        found = auto.from_pipe(pipeline)
    except ValueError:
        return None
    found.set_progress_bar_config(disable=True)
    return found


def _told(error: BaseException, name: str) -> GenerationError:
    if isinstance(error, GenerationError):
        return error
    if isinstance(error, torch.OutOfMemoryError):
        return PaintingError(f"{name} ran out of the GPU's memory; ask for a smaller picture or close other programs.")
    first = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return PaintingError(f"{name} could not paint this ({first}); try other words or another size.")
