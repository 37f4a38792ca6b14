"""The embedded painter: Limner's own small diffusion model, on any machine, offline.

Dimensions: B requests painted together, C latent channels, h and w latent cells.
`prepare`, `step` and `finish` are apart, so that an engine can mix requests; `paint` runs them in order.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageChops
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from captioner.errors import first_line
from captioner.packing import load_model
from captioner.world.scene import WORLD_VERSION
from generation.errors import PaintingError, PictureError, RequestError, WeightsError
from generation.models.autoencoder import CELL, PictureAutoencoder
from generation.models.denoiser import PATCH, Denoiser
from generation.models.words import load_text_encoder, load_tokenizer, text_states, tokenize
from generation.pixels import opened, png
from generation.regions import pasted, read_mask, region_of
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
    check_size,
)
from generation.sampling import clean_estimate, euler_schedule, guide, noise_for

WEIGHTS = Path(__file__).parent / "weights" / "painter"
STEPS = 10
EDIT_STEPS = 4
"""An edit has most of its picture given: four to ten steps come out alike in `limner eval edits`."""
GUIDANCE = 3.5
ALIKE = 0.1
"""A cell of an edit whose latent is nearer to its parent's than this, in the mean square over its channels, and has no
other beside it, is the parent's: repainted much as it was, it would only lose detail turn after turn."""
LARGEST = 256
SCHEDULER = "flow-match-euler"
NO_WORLD = 0
"""The world version of painters that learned from people's own pictures."""
PRIOR = ("prior_",)
"""The denoiser's linear prior, which is added to its velocity as it is: it stays in single precision."""


@dataclass
class Painting:
    """A batch under way: `latents` (B, C, h, w) at the time of `step`; `text` holds the unconditional half last.

    `noise` and `origin` (B, C, h, w) are what `latents` began as and the clean parents; outside `mask` the latents of
    an edit go straight from one to the other. `originals` are the pictures (H, W, 3) of parents, `held` the masks of
    edits that have one.
    """

    requests: tuple[RenderRequest, ...]
    latents: Tensor
    noise: Tensor
    origin: Tensor
    originals: tuple[np.ndarray | None, ...]
    held: tuple[Image.Image | None, ...]
    parent: Tensor
    known: Tensor
    mask: Tensor
    text: list[tuple[Tensor, Tensor, Tensor]]
    scheduler: Any
    steps: int
    guidance: float
    step: int = 0


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
            self.autoencoder = PictureAutoencoder.from_pretrained(
                autoencoder or weights / "autoencoder", torch_dtype=self.dtype
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
        # The latent's statistics stay exact: they set the scale of everything that is kept.
        self.autoencoder.latent_norm.float()
        self.channels = int(self.autoencoder.config.latent_channels)
        self.side = int(self.denoiser.config.cells) * CELL
        self.weights = weights
        # What is edited is first asked for its region, in the same words.
        self._read = lru_cache(maxsize=2)(self._read_text)

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
            # Instruction edits are learned from the picture world's pairs alone.
            acts=("create", "vary") if self.denoiser.config.world_version == NO_WORLD else ("create", "edit", "vary"),
            default_size=(self.side, self.side),
            min_size=self.side if one_size else 64,
            max_size=self.side if one_size else LARGEST,
            size_multiple=CELL * PATCH,
            default_steps=STEPS,
            max_steps=200,
            max_batch=8,
            masks=True,
            default_guidance=GUIDANCE,
            weights=self.weights_digest,
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
        side = self.side
        shapes = {(r.width or side, r.height or side, _steps(r), r.guidance or GUIDANCE) for r in requests}
        if len(shapes) > 1:
            raise RequestError(f"pictures painted together must agree in size, steps and guidance; got {shapes}.")
        width, height, steps, guidance = shapes.pop()
        check_size((width, height), can)
        if not 1 <= steps <= can.max_steps:
            raise RequestError(f"{can.name} takes 1 to {can.max_steps} steps; {steps} were asked.")
        cells = (self.channels, height // CELL, width // CELL)
        parents = [self._parent(request, blobs, cells) for request in requests]
        masks = torch.stack([_mask(request, blobs, cells[1:]) for request in requests])
        known = torch.stack([torch.full((1, *cells[1:]), float(parent is not None)) for parent in parents])
        empty = torch.zeros(cells)
        noise = torch.stack([noise_for(request.seed, request.candidate, cells) for request in requests])
        text = self._read(tuple(request.prompt for request in requests), tuple(request.change for request in requests))
        place: tuple[torch.device, torch.dtype] = (self.device, self.dtype)
        origin = torch.stack([empty if parent is None else parent for parent in parents]).to(self.device)
        return Painting(
            requests=tuple(requests),
            latents=noise.to(self.device),
            noise=noise.to(self.device),
            origin=origin,
            originals=tuple(
                None if parent is None else self._original(request, blobs, parent)
                for request, parent in zip(requests, parents, strict=True)
            ),
            held=tuple(
                read_mask(blobs.read(request.mask)) if request.mask and parent is not None else None
                for request, parent in zip(requests, parents, strict=True)
            ),
            parent=origin.to(self.dtype),
            known=known.to(*place),
            mask=masks.to(*place),
            text=text,
            scheduler=euler_schedule(steps),
            steps=steps,
            guidance=guidance,
        )

    @torch.inference_mode()
    def step(self, painting: Painting) -> Tensor:
        """Take one step and return the present estimate of the clean latents (B, C, h, w)."""
        moment = painting.scheduler.timesteps[painting.step]
        time = float(moment) / painting.scheduler.config.num_train_timesteps
        twice = [
            tensor.repeat(2, 1, 1, 1)
            for tensor in (painting.latents.to(self.dtype), painting.parent, painting.known, painting.mask)
        ]
        noisy, parent, known, mask = twice
        times = torch.full((len(noisy),), time, device=self.device)
        velocities = self.denoiser(noisy, times, painting.text, parent, known, mask).float()
        conditional, unconditional = velocities.chunk(2)
        velocity = guide(unconditional, conditional, painting.guidance)
        stays = (painting.known > 0) & (painting.mask == 0)
        estimate = torch.where(stays, painting.origin, clean_estimate(painting.latents, velocity, time))
        painting.latents = painting.scheduler.step(velocity, moment, painting.latents).prev_sample
        painting.step += 1
        kept = torch.lerp(painting.origin, painting.noise, float(painting.scheduler.sigmas[painting.step]))
        painting.latents = torch.where(stays, kept, painting.latents)
        return estimate

    @torch.inference_mode()
    def finish(self, painting: Painting) -> Iterator[RenderFinished]:
        """Yield the finished pictures.

        Raises:
            PaintingError: what came out is not a picture.
        """
        if not torch.isfinite(painting.latents).all():
            raise PaintingError("painting ran into numbers that are no picture; try again with another seed.")
        differs = _differing(painting)
        latents = torch.where(differs, painting.latents, painting.origin)
        pictures = self._pictures(latents)
        for index, (request, latent) in enumerate(zip(painting.requests, latents, strict=True)):
            picture, original, mask = pictures[index], painting.originals[index], painting.held[index]
            if original is not None:
                picture = pasted(picture, original, _narrowed(mask, differs[index, 0], picture.shape[:2]))
            changed = None if original is None else float((picture != original).any(-1).mean())
            recipe = Recipe(
                painter=self.name,
                weights=self.weights_digest,
                act=request.act,
                prompt=request.prompt,
                change=request.change,
                seed=request.seed,
                candidate=request.candidate,
                batch=len(painting.requests),
                steps=painting.steps,
                guidance=painting.guidance,
                scheduler=SCHEDULER,
                width=picture.shape[1],
                height=picture.shape[0],
                start=_start(request),
                mask=request.mask,
                parent_image=request.parent_image if original is not None else None,
                strength=request.strength,
                world_version=WORLD_VERSION,
                libraries={name: importlib.metadata.version(name) for name in ("torch", "diffusers", "transformers")},
            )
            kept = save_tensors({"latent": latent.cpu().contiguous()})
            yield RenderFinished(request.id, png(picture), kept, recipe, changed)

    def _read_text(self, prompts: tuple[str, ...], changes: tuple[str, ...]) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Return each block's keys, values and bias of the texts, the unconditional half last."""
        empty = ("",) * len(prompts)
        tokens, is_real = tokenize(self.tokenizer, prompts + empty, changes + empty)
        tokens, is_real = tokens.to(self.device), is_real.to(self.device)
        return self.denoiser.prepare_text(text_states(self.text_encoder, tokens, is_real), is_real)

    def _pictures(self, latents: Tensor) -> np.ndarray:
        """Return (B, H, W, 3) uint8."""
        pictures = self.autoencoder.decode(latents.to(self.dtype)).float()
        return ((pictures.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()

    def _parent(self, request: RenderRequest, blobs: BlobReader, cells: tuple[int, int, int]) -> Tensor | None:
        """Return the latent (C, h, w) that an edit is conditioned on, or None for a new picture."""
        if request.act != "edit":
            return None
        if request.parent_latent:
            try:
                latent = load_tensors(blobs.read(request.parent_latent))["latent"]
            except (SafetensorError, KeyError) as error:
                raise PictureError(
                    f"the latent of the picture to edit is damaged ({error}); edit another one."
                ) from error
        elif request.parent_image:
            latent = self._encode(blobs.read(request.parent_image), cells)
        else:
            raise RequestError("an edit needs the picture that it starts from; none was given.")
        if latent.shape != cells:
            raise RequestError(
                f"an edit keeps its picture's size, {latent.shape[2] * CELL}x{latent.shape[1] * CELL}; "
                f"{cells[2] * CELL}x{cells[1] * CELL} was asked. Leave the size out."
            )
        return latent

    @torch.inference_mode()
    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        painting = self.prepare([dataclasses.replace(request, mask=None)], blobs)
        if not painting.known.any():
            raise RequestError("only an edit has a region; this request has no picture that it starts from.")
        text = [(key[:1], value[:1], bias[:1]) for key, value, bias in painting.text]
        middle: list[Tensor] = []
        at_noise = torch.ones(1, device=self.device)
        noisy = painting.latents.to(self.dtype)
        self.denoiser(noisy, at_noise, text, painting.parent, painting.known, painting.mask, middle)
        height, width = noisy.shape[-2:]
        likely = self.denoiser.regions(middle[0], height, width).float().sigmoid()[0, 0]
        return region_of(likely.cpu().numpy(), (width * CELL, height * CELL))

    def _original(self, request: RenderRequest, blobs: BlobReader, latent: Tensor) -> np.ndarray:
        """Return the parent's pixels (H, W, 3): those that the person saw, where they were kept."""
        if not request.parent_image:
            picture: np.ndarray = self._pictures(latent[None].to(self.device))[0]
            return picture
        height, width = latent.shape[-2:]
        return np.asarray(opened(blobs.read(request.parent_image), (width * CELL, height * CELL)))

    def _encode(self, data: bytes, cells: tuple[int, int, int]) -> Tensor:
        picture = opened(data, (cells[2] * CELL, cells[1] * CELL))
        pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].to(self.device, self.dtype) / 127.5 - 1
        return self.autoencoder.encode(pixels)[0].cpu()


def _steps(request: RenderRequest) -> int:
    return request.steps or (EDIT_STEPS if request.act == "edit" else STEPS)


def _start(request: RenderRequest) -> str:
    if request.act != "edit":
        return "noise"
    return f"latent:{request.parent_latent}" if request.parent_latent else f"pixels:{request.parent_image}"


def _mask(request: RenderRequest, blobs: BlobReader, cells: tuple[int, ...]) -> Tensor:
    """Return where the picture may change, (1, h, w), 1 inside."""
    if not request.mask:
        return torch.ones(1, *cells)
    mask = read_mask(blobs.read(request.mask))
    mask = mask.resize((cells[1], cells[0]), Image.Resampling.BOX)
    return (torch.from_numpy(np.array(mask))[None] > 0).float()


def _differing(painting: Painting) -> Tensor:
    """Return (B, 1, h, w) bool: the cells that came out as something else than the parent's, and those beside them."""
    difference = (painting.latents - painting.origin).square().mean(1, keepdim=True)
    near = F.max_pool2d((difference > ALIKE).float(), 3, 1, 1) > 0
    return near | (painting.known == 0)


def _narrowed(mask: Image.Image | None, differs: Tensor, size: tuple[int, int]) -> Image.Image:
    """Return the part of a mask (None for the whole picture) of (H, W) pixels in which cells (h, w) differ."""
    cells = Image.fromarray(differs.cpu().numpy().astype(np.uint8) * 255).resize(size[::-1], Image.Resampling.NEAREST)
    if mask is None:
        return cells
    return ImageChops.multiply(mask.resize(cells.size, Image.Resampling.NEAREST).point(lambda v: 255 * (v > 0)), cells)


def _preview_steps(steps: int) -> tuple[int, ...]:
    """Return after which steps a preview is worth its decoding: early, and twice more; of a short painting, once."""
    after = {max(1, steps // 5), steps // 2, (4 * steps) // 5} if steps > EDIT_STEPS else {steps // 2}
    return tuple(sorted(after - {0, steps}))
