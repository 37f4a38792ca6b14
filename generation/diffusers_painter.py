"""Any picture pipeline of diffusers as a painter: Stable Diffusion, SDXL, FLUX, Qwen-Image and the others of `presets`.

Which sibling of a pipeline paints what is decided by the preset's routes, never here. A pipeline keeps no latents
between turns: every edit starts from its parent's pixels.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import inspect
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from PIL import Image

from captioner.errors import first_line
from generation.checkpoints import digest_of
from generation.errors import GenerationError, PaintingError
from generation.long_prompts import embeddings_of, is_long
from generation.loras import Lora, lay_over
from generation.pipelines import (
    Loaded,
    accepts,
    enough_steps,
    late_steps,
    load,
    native_side,
    noised,
    offload,
    sibling,
    takes,
    watched,
)  # fmt: skip
from generation.pixels import png
from generation.placement import Machine, Wishes
from generation.presets import Route
from generation.request import (
    BlobReader,
    Capabilities,
    Recipe,
    RenderEvent,
    RenderFinished,
    RenderProgress,
    RenderRequest,
    check_canvas,
    check_size,
)
from generation.routing import Given, acts_of, given_to, patterns_of
from generation.sharing import SharedDevice

SMALLEST, LARGEST = 64, 2_048
GREY = (127, 127, 127)


class _Left(Exception):
    """The person stopped, or nobody listens any more."""


class DiffusersPainter:
    """Paints with a pipeline from a folder or from the hub.

    Args:
        source: the folder, or OWNER/NAME.
        wishes: precision, offloading and such, where they shall not be chosen from what is found.
        loras: LoRAs to lay over the weights.
        machine: what to paint on; None looks.
        shared: the device, where a language model works on it, too; it says when the painter may be there.

    Raises:
        WeightsError: there is none of that name, it cannot be trusted, it is too large, or it paints no pictures.
    """

    def __init__(
        self, source: str, wishes: Wishes | None = None, loras: Sequence[Lora] = (), machine: Machine | None = None,
        shared: SharedDevice | None = None,
    ):  # fmt: skip
        self.name = source
        self.shared = shared
        self._guest = f"the painter {source}"
        self.loaded: Loaded = load(source, wishes, shared.room() if shared else machine, move=shared is None)
        self.preset, self.placement = self.loaded.preset, self.loaded.placement
        self.loras = tuple(loras)
        lay_over(self.loaded.pipeline, self.loras, source)
        self._siblings: dict[str, Any] = {type(self.loaded.pipeline).__name__: self.loaded.pipeline}
        self._offloaded: Any = None
        self._lock = threading.Lock()
        if shared:
            shared.join(self._guest, self.placement.needed, self._come, self._leave)

    @cached_property
    def weights_digest(self) -> str:
        """SHA-256 that names the weights, LoRAs included."""
        base = digest_of(self.loaded.checkpoint.folder, self.loaded.checkpoint.parameters)
        if not self.loras:
            return base
        laid = "".join(f"{lora.digest} {lora.scale}" for lora in self.loras)
        return hashlib.sha256(f"{base} {laid}".encode()).hexdigest()

    def capabilities(self) -> Capabilities:
        preset, side = self.preset, native_side(self.loaded.pipeline)
        sizes = preset.sizes if side is None or (side, side) in preset.sizes else ((side, side),)
        fixed = preset.create is not None and not _takes(self._pipeline(preset.create), "height")
        longest = max(max(size) for size in sizes)
        return Capabilities(
            name=self.name, signs_as=self.name, acts=acts_of(preset, self._takes_mask, fixed), default_size=sizes[0],
            min_size=sizes[0][0] if fixed else min(SMALLEST, *sizes[0]),
            max_size=sizes[0][0] if fixed else max(LARGEST, longest),
            size_multiple=sizes[0][0] if fixed else preset.multiple,
            default_steps=preset.steps, max_steps=200, max_batch=1,
            masks=preset.masked is not None, default_guidance=preset.guidance, sizes=sizes if len(sizes) > 1 else (),
            weights=self.weights_digest, patterns=patterns_of(preset),
        )  # fmt: skip

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        for request in requests:
            yield from self._paint(request, blobs, stopped)

    def _paint(self, request: RenderRequest, blobs: BlobReader, stopped: Callable[[], bool]) -> Iterator[RenderEvent]:
        can = self.capabilities()
        check = check_size if request.act == "create" else check_canvas
        size = check((request.width or can.default_size[0], request.height or can.default_size[1]), can)
        guidance = can.default_guidance if request.guidance is None else request.guidance
        given = given_to(request, self.preset, self.name, blobs, size, self._takes_mask)
        strength = given.strength
        steps = enough_steps(request.steps or can.default_steps, strength)
        seed = int.from_bytes(hashlib.sha256(f"{request.seed}-{request.candidate}".encode()).digest()[:7])
        generator = torch.Generator("cpu").manual_seed(seed)
        expected = late_steps(steps, strength) if strength is not None else steps
        events: queue.SimpleQueue[RenderEvent | BaseException | Image.Image] = queue.SimpleQueue()
        done, left = 0, False

        def after_step(is_main: bool) -> None:
            nonlocal done
            if stopped() or left:
                raise _Left
            done += is_main
            if is_main and done <= expected:  # some schedulers take a step more
                events.put(RenderProgress(request.id, done, expected))

        def work() -> None:
            try:
                with self._lock, self.shared.working(self._guest) if self.shared else contextlib.nullcontext():
                    events.put(self._run(given, request, size, steps, guidance, generator, after_step))
            except BaseException as error:  # carried over to the turn's own thread
                events.put(error)

        # A pipeline calls back and cannot be waited for step by step, so it runs beside this generator.
        threading.Thread(target=work, name="limner-pipeline", daemon=True).start()
        try:
            while not isinstance(event := events.get(), Image.Image):
                if isinstance(event, _Left):
                    return
                if isinstance(event, BaseException):
                    raise _told(event, self.name) from event
                yield event
        finally:
            left = True
        if stopped():
            return
        picture = np.asarray(event.convert("RGB").resize(size))
        picture, changed = given.finished(picture)
        recipe = self._recipe(request, given.route, size, steps, guidance)
        yield RenderFinished(request.id, png(picture), b"", recipe, changed)

    def _run(
        self, handed: Given, request: RenderRequest, size: tuple[int, int], steps: int, guidance: float,
        generator: torch.Generator, after_step: Callable[[bool], None],
    ) -> Image.Image:  # fmt: skip
        """Run the route's pipeline and return what it painted."""
        route, strength, parent, mask = handed.route, handed.strength, handed.picture, handed.mask
        pipeline, preset, begin = self._pipeline(route), self.preset, 0
        if self.placement.offload != "none" and self._offloaded is not pipeline:
            offload(pipeline, self.placement)
            self._offloaded = pipeline
        words = request.change if route.words == "change" and request.change.strip() else request.prompt
        words = handed.words or words
        given: dict[str, object] = {
            **preset.given, "prompt": words, "width": size[0], "height": size[1], "max_area": size[0] * size[1],
            preset.steps_as: steps, preset.guidance_as: guidance, "generator": generator,
        }  # fmt: skip
        if strength is not None:
            given["strength"] = strength
        if route.start == "blank":
            given |= {"strength": 1.0, "image": Image.new("RGB", size, GREY), "mask_image": Image.new("L", size, 255)}
        elif route.start == "picture":
            given["image"] = [parent, *handed.others] if handed.others else parent
            if mask is not None:
                given["mask_image"] = mask.resize(size)
        elif route.start == "latent":
            assert parent is not None and strength is not None
            given["latents"], begin = noised(pipeline, parent, steps, strength, generator, self.placement.device)
        if is_long(pipeline, words) and accepts(pipeline, {"prompt_embeds": None}):
            given |= {"prompt": None, **embeddings_of(pipeline, words)}
        try:
            with watched(pipeline, after_step, begin):
                answer = pipeline(**accepts(pipeline, given))
        except BaseException:
            if self._offloaded is pipeline:
                pipeline.maybe_free_model_hooks()  # else the part that was at work stays on the device
            raise
        picture: Image.Image = answer[0][0]  # the first field is "images" as a rule, "image" in Kandinsky 5
        _check(picture, answer, self.name)
        return picture

    def _takes_mask(self, route: Route) -> bool:
        return takes(route.pipeline, "mask_image")

    def _come(self) -> None:
        """Move all parts to the device; where they are offloaded, hooks bring each as it is needed."""
        if self.placement.offload == "none":
            self._move(self.placement.device)

    def _leave(self) -> None:
        if self.placement.offload == "none":
            self._move("cpu")
        elif self._offloaded is not None:
            self._offloaded.maybe_free_model_hooks()

    def _move(self, device: str) -> None:
        for part in self.loaded.pipeline.components.values():
            if isinstance(part, torch.nn.Module):
                part.to(device)

    def _pipeline(self, route: Route) -> Any:
        if route.pipeline not in self._siblings:
            self._siblings[route.pipeline] = sibling(self.loaded.pipeline, route.pipeline)
        return self._siblings[route.pipeline]

    def _recipe(
        self, request: RenderRequest, route: Route, size: tuple[int, int], steps: int, guidance: float
    ) -> Recipe:
        begins = request.act != "create" and not (request.act == "vary" and request.strength == 1)
        libraries = ("torch", "diffusers", "transformers")
        parts = self.loaded.pipeline.components
        scheduler = parts.get("scheduler") or parts.get("decoder_scheduler")
        return Recipe(
            painter=self.name, weights=self.weights_digest, act=request.act, prompt=request.prompt,
            change=request.change, seed=request.seed, candidate=request.candidate, batch=1, steps=steps,
            guidance=guidance, scheduler=type(scheduler).__name__, width=size[0], height=size[1],
            start=f"pixels:{request.parent_image}" if begins and route.start != "noise" else "noise",
            mask=request.mask if begins else None, parent_image=request.parent_image if begins else None,
            strength=request.strength, place=request.place, source_mask=request.source_mask,
            source=f"pixels:{request.source_image}" if request.source_image else None,
            libraries={name: importlib.metadata.version(name) for name in libraries},
            loras={lora.name: lora.scale for lora in self.loras}, precision=self.placement.dtype,
        )  # fmt: skip


def _takes(pipeline: Any, name: str) -> bool:
    return name in inspect.signature(pipeline.__call__).parameters


def _check(picture: Image.Image, answer: Any, name: str) -> None:
    """Raises: PaintingError: what was painted is no picture."""
    flagged = getattr(answer, "nsfw_content_detected", None)
    if flagged and any(flagged):
        raise PaintingError(f"{name}'s own safety checker held the picture back; try other words or another seed.")
    if picture.convert("RGB").getbbox() is None:
        raise PaintingError(
            f"{name} painted nothing but black, which happens where numbers overflow in half precision; set "
            "LIMNER_PAINTER_DTYPE=float32 and try again."
        )


def _told(error: BaseException, name: str) -> GenerationError:
    if isinstance(error, GenerationError):
        return error
    if isinstance(error, torch.OutOfMemoryError):
        torch.cuda.empty_cache()  # so that the next, smaller picture finds room
        return PaintingError(
            f"{name} ran out of the GPU's memory; ask for a smaller picture, or set LIMNER_PAINTER_OFFLOAD=sequential."
        )
    return PaintingError(f"{name} could not paint this ({first_line(error)}); try other words or another size.")
