"""The embedded painter: Limner's own small diffusion model, on any machine, offline.

Dimensions: B requests painted together, C latent channels, h and w latent cells.
`prepare`, `step` and `finish` are apart, so that an engine can mix requests; `paint` runs them in order.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import io
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save as save_tensors
from torch import Tensor

from captioner.errors import first_line
from captioner.packing import load_model
from captioner.surroundings import surroundings
from captioner.world.scene import WORLD_VERSION
from generation.canvases import HOME, Canvas, Codec, Corner, canvas_of
from generation.clauses import clauses_of
from generation.errors import PaintingError, RequestError, WeightsError
from generation.finding import EmbeddedFinder
from generation.models.autoencoder import CELL, PictureAutoencoder
from generation.models.denoiser import MOST_GUIDANCE, PATCH, Denoiser
from generation.models.words import load_text_encoder, load_tokenizer, text_states, tokenize
from generation.painting import Painting, Text, differing, narrowed, settled
from generation.pixels import png
from generation.regions import joined_to, pasted, read_mask, region_of, window_of
from generation.request import (
    BlobReader,
    Capabilities,
    Recipe,
    Region,
    RenderEvent,
    RenderFinished,
    RenderPreview,
    RenderProgress,
    RenderRequest,
    check_canvas,
    check_size,
    start_of,
)
from generation.sampling import clean_estimate, euler_schedule, guide, noise_for
from generation.windows import Windows, windows_over

WEIGHTS = Path(__file__).parent / "weights" / "painter"
STEPS = 10
EDIT_STEPS = 4
"""An edit has most of its picture given: four to ten steps come out alike in `limner eval edits`."""
GUIDANCE = 3.5
LARGEST = 256
CANVAS = 512
"""The longest side of a picture that is made from another, in pixels."""
STRIDE = 4
"""Cells from one window to the next on canvases larger than the denoiser's own size: a quarter of a window."""
ROWS = 128
"""Windows that the denoiser sees at once."""
SCHEDULER = "flow-match-euler"
NO_WORLD = 0
"""The world version of painters that learned from people's own pictures."""
LATENT_SCALE = ("latent_norm",)
"""The latent's statistics, which set the scale of everything that is kept: they stay in single precision."""
PRIOR = ("prior_",)
"""The denoiser's linear prior, which is added to its velocity as it is: it stays in single precision."""


class EmbeddedPainter:
    """Paints with the weights in a folder that has `autoencoder`, `denoiser`, `text_encoder` and `tokenizer`.

    Args:
        autoencoder: a folder of its own for that part, where the painter was trained apart.

    Raises:
        WeightsError: the weights are missing, damaged or of another world version.
    """

    name = "embedded"

    def __init__(self, weights: Path = WEIGHTS, device: str | None = None, autoencoder: Path | None = None):
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.dtype = torch.bfloat16
        try:
            self.autoencoder = load_model(
                PictureAutoencoder, autoencoder or weights / "autoencoder", self.dtype, LATENT_SCALE
            )
            self.denoiser = load_model(Denoiser, weights / "denoiser", self.dtype, PRIOR)
            self.text_encoder = load_text_encoder(weights / "text_encoder").to(self.dtype)
            self.tokenizer = load_tokenizer(weights / "tokenizer")
        except Exception as error:  # the loaders raise a dozen types; each means the same to a person
            raise WeightsError(
                f"the painter's weights in {weights} are missing or damaged ({first_line(error)}); reinstall Limner or "
                "train them with `limner train painter`."
            ) from error
        made_for = self.denoiser.config.world_version
        if made_for not in (NO_WORLD, WORLD_VERSION):
            raise WeightsError(
                f"the painter's weights in {weights} were trained on world version {made_for}; this Limner has "
                f"{WORLD_VERSION}. Train them again with `limner train painter`."
            )
        for part in (self.autoencoder, self.denoiser, self.text_encoder):
            part.to(self.device).eval().requires_grad_(False)
        self.channels = int(self.autoencoder.config.latent_channels)
        self.side = self.denoiser.config.cells if self.denoiser.config.prior_rank else LARGEST // CELL
        self.size = int(self.denoiser.config.cells) * CELL
        self.weights = weights
        # What is edited is first asked for its region, in the same words.
        self._read = lru_cache(maxsize=2)(self._read_text)

    @cached_property
    def finder(self) -> EmbeddedFinder:
        """What finds an edit's region. Raises: WeightsError: its weights cannot be used."""
        return EmbeddedFinder(device=str(self.device))

    @cached_property
    def weights_digest(self) -> str:
        """SHA-256 over all weight files, in the order of their names."""
        digest = hashlib.sha256()
        for path in sorted(self.weights.rglob("*.safetensors")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def capabilities(self) -> Capabilities:
        one_size = bool(self.denoiser.config.prior_rank)
        return Capabilities(
            name="the embedded painter",
            signs_as=self.name,
            # Edits and the like are learned from the picture world's pairs alone.
            acts=("create", "vary")
            if self.denoiser.config.world_version == NO_WORLD
            else ("create", "edit", "vary", "extend", "merge"),
            default_size=(self.size, self.size),
            min_size=self.size if one_size else 64,
            max_size=self.size if one_size else LARGEST,
            size_multiple=CELL * PATCH,
            default_steps=STEPS,
            max_steps=200,
            max_batch=8,
            masks=True,
            default_guidance=GUIDANCE,
            weights=self.weights_digest,
            max_canvas=CANVAS,
        )

    @torch.inference_mode()
    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        painting = self.prepare(requests, blobs)
        while painting.step < painting.steps:
            if stopped():
                return
            estimate = self.step(painting)
            for request in painting.requests:
                yield RenderProgress(request.id, painting.step, painting.steps)
            if painting.step in _preview_steps(painting.steps):
                for request, picture in zip(painting.requests, self._pictures(estimate), strict=True):
                    yield RenderPreview(request.id, painting.step, png(picture, fast=True))
        if not stopped():
            yield from self.finish(painting)

    @torch.inference_mode()
    def prepare(self, requests: Sequence[RenderRequest], blobs: BlobReader) -> Painting:
        """Return a painting of all requests, which must agree in size, steps and guidance.

        Raises:
            RequestError: they do not, or one cannot be honoured.
            PictureError: a parent's latent or a mask cannot be read.
        """
        can = self.capabilities()
        if not 1 <= len(requests) <= can.max_batch:
            raise RequestError(f"{can.name} paints 1 to {can.max_batch} pictures at once; {len(requests)} were asked.")
        side = self.size
        shapes = {
            (r.width or side, r.height or side, _steps(r), r.guidance or GUIDANCE, _start_time(r), r.place)
            for r in requests
        }
        if len(shapes) > 1:
            raise RequestError(f"pictures painted together must agree in size, steps and guidance; got {shapes}.")
        width, height, steps, guidance, start, _ = shapes.pop()
        if any(request.act == "create" for request in requests):
            check_size((width, height), can)
        else:
            check_canvas((width, height), can)
        if not 1 <= steps <= can.max_steps:
            raise RequestError(f"{can.name} takes 1 to {can.max_steps} steps; {steps} were asked.")
        cells = (self.channels, height // CELL, width // CELL)
        codec = Codec(self._encode, lambda latent: self._pictures(latent[None].to(self.device))[0])
        canvases = [canvas_of(request, blobs, cells, codec, self.side) for request in requests]
        canvases, clauses = self._clause_by_clause(requests, canvases)
        noise = torch.stack([noise_for(request.seed, request.candidate, cells) for request in requests])
        origin = torch.stack([canvas.origin for canvas in canvases]).to(self.device)
        begun = torch.stack([canvas.begun for canvas in canvases]).to(self.device)
        known = torch.stack([canvas.known for canvas in canvases]).to(self.device, self.dtype)
        numbers = {len(canvas.stages) for canvas in canvases}
        if len(numbers) > 1:
            raise RequestError("pictures painted together must be of acts that paint in equally many stages.")
        masks = [torch.stack(stages) for stages in zip(*(canvas.stages for canvas in canvases), strict=True)]
        masks = [mask.to(self.device, self.dtype) for mask in masks]
        homes = {canvas.home for canvas in canvases}
        home = homes.pop() if len(homes) == 1 else None
        windows = self._windows(masks[0], home)
        by_two = not (self.denoiser.config.guidance_embeds and 1 <= guidance <= MOST_GUIDANCE)
        noise = noise.to(self.device)
        return Painting(
            requests=tuple(requests),
            latents=torch.lerp(begun, noise, start) if start < 1 else noise,
            noise=noise,
            origin=origin,
            given=origin,
            originals=tuple(canvas.original for canvas in canvases),
            held=tuple(canvas.held for canvas in canvases),
            parent=(begun * known).to(self.dtype),
            known=known,
            mask=masks[0],
            boxes=tuple(canvas.box for canvas in canvases),
            homes=tuple(canvas.home for canvas in canvases),
            later=masks[1:],
            windows=windows,
            texts=self._texts(requests, clauses, cells[1:], len(masks), windows.corners == (home,), by_two),
            scheduler=euler_schedule(steps, start),
            steps=steps * len(masks),
            each=steps,
            guidance=guidance,
            by_two=by_two,
        )

    @torch.inference_mode()
    def step(self, painting: Painting) -> Tensor:
        """Take one step and return the present estimate of the clean latents (B, C, h, w)."""
        if painting.step and painting.step % painting.each == 0:
            self._next_stage(painting)
        index = painting.step % painting.each
        moment = painting.scheduler.timesteps[index]
        time = float(moment) / painting.scheduler.config.num_train_timesteps
        velocity = self._velocity(painting, time)
        stays = (painting.known > 0) & (painting.mask == 0)
        estimate = torch.where(stays, painting.origin, clean_estimate(painting.latents, velocity, time))
        estimate = estimate * ((painting.known > 0) | (painting.mask > 0))
        painting.latents = painting.scheduler.step(velocity, moment, painting.latents).prev_sample
        painting.step += 1
        kept = torch.lerp(painting.origin, painting.noise, float(painting.scheduler.sigmas[index + 1]))
        painting.latents = torch.where(stays, kept, painting.latents)
        return estimate

    def _velocity(self, painting: Painting, time: float) -> Tensor:
        """Return the guided velocity (B, C, h, w), 0 in cells that no window holds.

        A distilled denoiser gives it in one pass, as far as the scale is one that it learned.
        """
        windows, number = painting.windows, len(painting.windows)
        rows = [
            windows.cut(canvas).repeat(1 + painting.by_two, 1, 1, 1)
            for canvas in (painting.latents.to(self.dtype), painting.parent, painting.known, painting.mask)
        ]
        text = painting.text
        if number > 1:
            text = [tuple(part.repeat_interleave(number, 0) for part in block) for block in text]  # type: ignore[misc]
        parts = []
        for at in range(0, len(rows[0]), ROWS):
            noisy, parent, known, mask = (row[at : at + ROWS] for row in rows)
            words = [(key[at : at + ROWS], value[at : at + ROWS], bias[at : at + ROWS]) for key, value, bias in text]
            times = torch.full((len(noisy),), time, device=self.device)
            scales = torch.full_like(times, 1.0 if painting.by_two else painting.guidance)
            parts.append(self.denoiser(noisy, times, words, parent, known, mask, guidance=scales).float())
        guided = torch.cat(parts)
        if painting.by_two:
            conditional, unconditional = guided.chunk(2)
            guided = guide(unconditional, conditional, painting.guidance)
        return windows.joined(guided, *painting.latents.shape[-2:])

    def _clause_by_clause(
        self, requests: Sequence[RenderRequest], canvases: list[Canvas]
    ) -> tuple[list[Canvas], list[tuple[str, ...]]]:
        """Return the canvases with a stage for each clause of their edits, and the clauses.

        What is not as large as a window is changed in one stage, by the whole instruction.
        """
        clauses = [
            clauses_of(r.change)
            if r.act == "edit" and canvas.origin.shape[1:] == (self.side, self.side)
            else (r.change,)
            for r, canvas in zip(requests, canvases, strict=True)
        ]
        number = max(map(len, clauses))
        if number == 1:
            return canvases, clauses
        staged = []
        for canvas, own in zip(canvases, clauses, strict=True):
            (held,) = canvas.stages
            nothing = torch.zeros_like(held)  # for as long as others of the batch have clauses left
            masks = (*(held for _ in own), *(nothing for _ in range(number - len(own))))
            staged.append(dataclasses.replace(canvas, stages=masks))
        return staged, clauses

    def _next_stage(self, painting: Painting) -> None:
        """Go on with the next stage, to which what was painted is known."""
        if painting.requests[0].act == "edit":
            painting.origin = settled(painting)
        else:
            painting.origin = torch.where(painting.mask > 0, painting.latents, painting.origin)
        painting.known = (painting.known + painting.mask).clamp(max=1)
        painting.parent = (painting.origin * painting.known).to(self.dtype)
        painting.mask = painting.later.pop(0)
        painting.windows = self._windows(painting.mask)
        painting.latents, painting.texts = painting.noise, painting.texts[1:] or painting.texts
        painting.scheduler = euler_schedule(painting.each)

    def _windows(self, masks: Tensor, home: Corner | None = None) -> Windows:
        return windows_over(masks.amax((0, 1)), self.side, STRIDE, home)

    def _texts(
        self,
        requests: Sequence[RenderRequest],
        clauses: Sequence[tuple[str, ...]],
        cells: tuple[int, ...],
        stages: int,
        at_home: bool,
        by_two: bool,
    ) -> list[Text]:
        """Return what is read in the first stage and, where there are more, in those that follow, as an edit's clauses.

        A window that shows a part of the picture and reads of all of it would paint all of it once more. So new ground
        reads of the surroundings alone, and a picture that is larger than a window is changed by the instruction alone,
        but `at_home`, where the window shows what the prompt is of.
        """
        prompts, changes = (tuple(getattr(request, name) for request in requests) for name in ("prompt", "change"))
        around = tuple(f"{surroundings(r.prompt)} {r.change}".strip() for r in requests)
        if requests[0].act == "extend":
            return [self._read(around, ("",) * len(requests), by_two)]
        if requests[0].act == "edit" and stages > 1:
            at = [tuple(own[stage] if stage < len(own) else "" for own in clauses) for stage in range(stages)]
            return [self._read(prompts, changes, by_two) for changes in at]
        if requests[0].act in ("edit", "merge") and max(cells) > self.side and not at_home:
            prompts = tuple(prompt if not change else "" for prompt, change in zip(prompts, changes, strict=True))
        texts = [self._read(prompts, changes, by_two)]
        return texts if stages == 1 else [*texts, self._read(around, ("",) * len(requests), by_two)]

    @torch.inference_mode()
    def finish(self, painting: Painting) -> Iterator[RenderFinished]:
        """Yield the finished pictures.

        Raises:
            PaintingError: what came out is not a picture.
        """
        if not torch.isfinite(painting.latents).all():
            raise PaintingError("painting ran into numbers that are no picture; try again with another seed.")
        latents = settled(painting)
        differs = differing(latents, painting.given, painting.known)
        pictures = self._pictures(latents)
        for index, (request, latent) in enumerate(zip(painting.requests, latents, strict=True)):
            picture, original, mask = pictures[index], painting.originals[index], painting.held[index]
            box, changed = painting.boxes[index], None
            if original is not None and box is not None:
                picture = joined_to(picture, original, box)
            elif original is not None:
                picture = pasted(picture, original, narrowed(mask, differs[index, 0], picture.shape[:2]))
                changed = float((picture != original).any(-1).mean())
            recipe = Recipe(
                painter=self.name,
                weights=self.weights_digest,
                act=request.act,
                prompt=request.prompt,
                change=request.change,
                seed=request.seed,
                candidate=request.candidate,
                batch=len(painting.requests),
                steps=painting.each,
                guidance=painting.guidance,
                scheduler=SCHEDULER,
                width=picture.shape[1],
                height=picture.shape[0],
                start=_start(request),
                mask=request.mask,
                parent_image=request.parent_image if original is not None else None,
                strength=request.strength,
                world_version=WORLD_VERSION,
                place=request.place,
                source=_source(request),
                source_mask=request.source_mask,
                libraries={name: importlib.metadata.version(name) for name in ("torch", "diffusers", "transformers")},
            )
            kept = save_tensors({"latent": latent.cpu().contiguous(), **self._home(painting.homes[index], latent)})
            yield RenderFinished(request.id, png(picture), kept, recipe, changed)

    def _home(self, home: Corner | None, latent: Tensor) -> dict[str, Tensor]:
        """Return what a latent's file says of what was painted first, where that is not the whole of it."""
        if home is None or latent.shape[1:] == (self.side, self.side):
            return {}
        return {HOME: torch.tensor(home, dtype=torch.int32)}

    def _read_text(self, prompts: tuple[str, ...], changes: tuple[str, ...], by_two: bool) -> Text:
        """Return each block's keys, values and bias of the texts, the unconditional half last if there is one."""
        empty = ("",) * len(prompts) * by_two
        tokens, is_real = tokenize(self.tokenizer, prompts + empty, changes + empty)
        tokens, is_real = tokens.to(self.device), is_real.to(self.device)
        return self.denoiser.prepare_text(text_states(self.text_encoder, tokens, is_real), is_real)

    def _pictures(self, latents: Tensor) -> np.ndarray:
        """Return (B, H, W, 3) uint8."""
        pictures = self.autoencoder.decode(latents.to(self.dtype)).float()
        return ((pictures.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()

    @torch.inference_mode()
    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        painting = self.prepare([dataclasses.replace(request, mask=None)], blobs)
        if not painting.known.any():
            raise RequestError("only an edit has a region; this request has no picture that it starts from.")
        # What is named stands as a rule where it was painted first, and is found there best.
        home = painting.homes[0] if painting.latents.shape[-2:] != (self.side, self.side) else None
        windows = Windows((self.side, self.side), (home,)) if home else painting.windows
        pictures = self.autoencoder.decode(windows.cut(painting.parent)).float().clamp(-1, 1)
        height, width = painting.latents.shape[-2:]
        in_windows = self.finder.likely(pictures, request.change)
        likely = windows.joined(in_windows, height, width)[0, 0].cpu().numpy()
        size = (width * CELL, height * CELL)
        if home:
            top, left = home
            found = region_of(likely[top : top + self.side, left : left + self.side], (self.size, self.size))
            return found and Region(_laid(found.mask, (left * CELL, top * CELL), size))
        if len(windows) == 1:
            return region_of(likely, size)
        corner = window_of(likely, self.side)
        if corner is None:
            return region_of(likely, size)
        top, left = corner
        box = (left * CELL, top * CELL, windows.size[1] * CELL, windows.size[0] * CELL)
        return region_of(likely, size, box)

    def _encode(self, picture: Image.Image) -> Tensor:
        pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].to(self.device, self.dtype) / 127.5 - 1
        return self.autoencoder.encode(pixels)[0].cpu()


def _laid(mask: bytes, place: tuple[int, int], size: tuple[int, int]) -> bytes:
    """Return a mask (PNG) that lies at a place on a larger one of which all else is black."""
    canvas = Image.new("L", size)
    canvas.paste(read_mask(mask), place)
    buffer = io.BytesIO()
    canvas.save(buffer, "PNG")
    return buffer.getvalue()


def _steps(request: RenderRequest) -> int:
    return request.steps or (EDIT_STEPS if request.act == "edit" else STEPS)


def _start_time(request: RenderRequest) -> float:
    """Return the time at which painting begins: at 1 from noise, before it from what is given."""
    return request.strength if request.act in ("vary", "merge") else 1.0


def _start(request: RenderRequest) -> str:
    if request.act == "create" or (request.act == "vary" and request.strength == 1):
        return "noise"
    return start_of(request.parent_latent, request.parent_image)


def _source(request: RenderRequest) -> str | None:
    return start_of(request.source_latent, request.source_image) if request.act == "merge" else None


def _preview_steps(steps: int) -> tuple[int, ...]:
    """Return after which steps a preview is worth its decoding: early, and twice more; of a short painting, once."""
    after = {max(1, steps // 5), steps // 2, (4 * steps) // 5} if steps > EDIT_STEPS else {steps // 2}
    return tuple(sorted(after - {0, steps}))
