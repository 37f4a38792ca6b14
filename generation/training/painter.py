"""Training of the embedded painter: text encoder and denoiser together, on cached latents with fresh captions.

Dimensions: B batch, C latent channels, h = w = 16 latent cells, P pairs of the picture cache.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from tqdm import tqdm

from captioner.blend import Blend, Told, blended
from captioner.packing import load_model
from captioner.request import Captioner, CaptionKind
from captioner.training.loop import (
    RunOptions,
    RunSettings,
    in_bfloat16,
    launched,
    seeded,
    train,
    training_device,
)
from captioner.training.pictures import REHEARSED_PAIRS, PictureCache, draw_pairs, save_whole
from captioner.training.segments import UNASKED, Questions, answer_loss, cached_answers
from captioner.training.told import told_by
from captioner.world.captions import ALT_RATES, AltRates, alt_text, descriptive, short
from captioner.world.sample import held_out_scene, random_scene
from captioner.world.scene import CORE, SETTINGS, WORLD_VERSION, WorldSetting
from captioner.world.terse import light_denied, terse
from generation.models.autoencoder import PictureAutoencoder
from generation.models.denoiser import PATCH, Denoiser, to_cells
from generation.models.words import (
    deepened,
    load_text_encoder,
    load_tokenizer,
    new_text_encoder,
    sentence_ends,
    text_states,
    tokenize,
    train_tokenizer,
)
from generation.sampling import euler_schedule, guide, noise_for
from generation.training.autoencoder import face_weights, load_pictures
from generation.training.binding import binding_loss, named, naming_tokens
from generation.training.lessons import Lessons, teach_binding

PRIOR_PICTURES = 20_000
"""How many pictures' latents the denoiser's linear prior is taken from."""
CHANGED = 0.1
TOUCHED = 0.03
"""A cell counts for the loss as changed by an edit, and as touched by it at all, if the mean square of its latent's
difference is above these. (A mood touches a tenth of the cells; evening touches them all and changes half.)"""
TOKENIZER_SCENES = 6_000
HIDING = 1
"""A stream of its own for what is hidden, or the prompts' lengths would decide on the times and the noise."""
SHEET = 16
"""Pictures on the sheet that a run shows."""
MUON_RATE = 2.5
"""Muon's rate as a multiple of AdamW's. On the same batches 1 fell behind it, and 5 was no better."""


@dataclass(frozen=True)
class PainterData:
    """What a batch is made of. Shares of edits and masks are of the batch; the rest are new pictures.

    The logits of the times are normal about `time_shift`: above 0 the noisy times, where the text decides, come up
    more often.
    `changed_weight` multiplies the loss where an edit changes the latent, `face_weight` where faces are,
    `sign_weight` where a rope or a spark tells a relation.
    `answers` weighs the loss of telling what each cell is (`captioner.training.segments`), `regions` that of telling
    which cells an edit changes, `binding` the lesson of the words alone (`generation.training.binding`); `told` is the
    share of edits whose mask tells it, so that nothing is left to find, and `asked_at_noise` the share of the others at
    time 1, where regions are found.
    In a share `hidden_rows` of the prompts a share `hidden_tokens` of the tokens is hidden: of "a green ▢" nothing can
    be told but the colour, so that a colour is learned apart from the kinds that have it.
    A share `terse` of the batches has prompts of a few words, as people type them, in place of captions. (They are
    batches of their own since their rows are short: such a step costs half as much.) Nothing is hidden in these, where
    "no tree" would become "tree".
    Without a `blend` prompts are the world's own, drawn afresh. With one they are a captioner's, and for the rest each
    picture's one alt text, as noisy as `alt_rates` say; then nothing of the scene comes to the painter but by captions
    and by those losses above that are not 0.
    """

    pairs: int = 16_000
    batch: int = 48
    size: int = 128
    edits: float = 0.25
    masks: float = 0.08
    time_shift: float = 0.6
    text_dropout: float = 0.1
    parent_noise: float = 0.1
    changed_weight: float = 4.0
    face_weight: float = 2.5
    sign_weight: float = 3.0
    answers: float = 0.1
    regions: float = 0.3
    binding: float = 0.1
    hidden_rows: float = 0.3
    hidden_tokens: float = 0.15
    told: float = 0.4
    asked_at_noise: float = 0.5
    terse: float = 0.35
    blend: Blend | None = None
    alt_rates: AltRates = ALT_RATES


@dataclass(frozen=True)
class Batch:
    """`changed` (B, 1, h, w) is 1 where an edit changes the latent, 0 elsewhere, `UNASKED` where nobody is to tell.

    `described` says of which rows the prompt tells everything; `brief` that the prompts are as people type them.
    """

    clean: Tensor
    parent: Tensor
    known: Tensor
    mask: Tensor
    weights: Tensor
    changed: Tensor
    prompts: list[str]
    changes: list[str]
    pictures: list[int]
    described: list[bool]
    brief: bool

    def to(self, device: torch.device) -> Batch:
        tensors: dict[str, Any] = {n: value.to(device) for n, value in vars(self).items() if isinstance(value, Tensor)}
        return dataclasses.replace(self, **tensors)


class TextToVelocity(nn.Module):
    """The text encoder and the denoiser as one module to train, with heads for what is learned beside the velocity.

    `classes` are those of a cell, on the middle block; what words that name a thing are asked comes with the encoder.
    """

    def __init__(self, taught: Lessons, denoiser: Denoiser, classes: int):
        super().__init__()
        self.text_encoder, self.facts = taught.text_encoder, taught.facts
        self.denoiser = denoiser
        self.answers = nn.Linear(int(denoiser.config.width), PATCH**2 * classes)

    def forward(
        self, noisy: Tensor, time: Tensor, tokens: Tensor, is_real: Tensor, batch: Batch, places: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return velocities (B, C, h, w) and logits: of cells (B, K, h, w), changes (B, 1, h, w), words (M, K).

        `places` (M, 2) are the rows and columns of the tokens that name things.
        """
        states = text_states(self.text_encoder, tokens, is_real)
        text = self.denoiser.prepare_text(states, is_real)
        middle: list[Tensor] = []
        velocity = self.denoiser(noisy, time, text, batch.parent, batch.known, batch.mask, middle)
        size = noisy.shape[-2:]
        cells, changes = to_cells(self.answers(middle[0]), *size), self.denoiser.regions(middle[0], *size)
        return velocity, cells, changes, self.facts(states[places[:, 0], places[:, 1]])


def train_painter(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    data: PainterData = PainterData(),
    pictures: Path | None = None,
    autoencoder: Path | None = None,
    width: int = 256,
    layers: int = 7,
    text_layers: int = 4,
    lessons: int = 1_000,
    prior_rank: int = 192,
    batch: int | None = None,
    rate: float = 1e-3,
    synthetic: float | None = None,
    captioners: Mapping[CaptionKind, Captioner] | None = None,
    flat_until: float = 0.6,
    compiled: bool = False,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train a painter and save it in `out` as diffusers and transformers folders; returns the run's account.

    Args:
        out: the run's folder.
        warm_start: a folder with `denoiser`, `text_encoder` and `tokenizer` to start from; a text encoder of fewer than
            `text_layers` gets new ones on top.
        lessons: so many steps the text encoder learns from words alone, before the first picture
            (`generation.training.lessons`); 0 for one that has had them.
        pictures: the folder of drawn pictures, drawn now if it holds none; None takes `out`/pictures.
        autoencoder: a saved autoencoder; None takes the embedded one.
        prior_rank: how many directions of the latents' covariance the denoiser's linear prior keeps.
        width, layers: the denoiser's size; `width` is a multiple of 64.
        batch: takes the place of that in `data`.
        rate: the learning rate; a third of the usual one for weights that are to learn a little more.
        synthetic: the share of descriptive captions in the prompts, in place of the blend in `data`.
        captioners: who says these captions; a blend needs those of its kinds.
        flat_until: the share of the steps after which the learning rate decays.
        compiled: fuse the blocks with torch.compile: needs a C++ compiler and a minute, saves a quarter of the time.
    """
    if batch is not None:
        data = dataclasses.replace(data, batch=batch)
    if synthetic is not None:
        data = dataclasses.replace(data, blend=Blend(synthetic))
    if options.rehearsal:
        data, lessons = dataclasses.replace(data, pairs=min(data.pairs, REHEARSED_PAIRS)), min(lessons, 1)
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    device = training_device()
    pixels = load_model(PictureAutoencoder, autoencoder or weights_folder("autoencoder")).to(device)
    folder = pictures or out / "pictures"
    cache = draw_pairs(folder, data.pairs, setting.name, seed, data.size, threads, for_edits=data.blend is None)
    with launched().main_process_first():
        latents = cached_latents(cache, pixels, folder)
    if warm_start:
        tokenizer = load_tokenizer(warm_start / "tokenizer")
        encoder = deepened(load_text_encoder(warm_start / "text_encoder"), text_layers, sentence_ends(tokenizer))
        denoiser = load_model(Denoiser, warm_start / "denoiser").unguided()
    else:
        tokenizer = train_tokenizer(_tokenizer_texts(setting))
        encoder = new_text_encoder(len(tokenizer), sentence_ends(tokenizer), layers=text_layers)
        channels = int(pixels.config.latent_channels)
        denoiser = Denoiser(
            channels, width, layers, width // 64, cells=latents.shape[-1], prior_rank=prior_rank,
            world_version=WORLD_VERSION, world_setting=setting.name,
        )  # fmt: skip
        denoiser.set_prior(torch.from_numpy(latents[:PRIOR_PICTURES]))
    if compiled:
        for block in (*denoiser.blocks, *encoder.encoder.layers):
            block.compile(dynamic=True)
    words = Lessons(encoder, setting)
    taught = taught_by_words(words, tokenizer, setting, out, lessons, seed, resume, warm_start)
    with launched().main_process_first():
        told = told_by(cache, captioners or {}, cache.folder) if data.blend else None
    questions = Questions.of(setting)
    found = cached_answers(cache, setting, latents.shape[-1], cache.folder, threads) if data.answers else None
    model = TextToVelocity(words, denoiser, sum(questions.sizes))
    names = naming_tokens(tokenizer, setting)
    resume = resume and (taught is None or (out / "checkpoint.pt").exists())
    settings = RunSettings(
        minutes, steps, learning_rate=rate, warmup=200, flat_until=flat_until, ema=0.998, seed=seed, resume=resume,
        muon=(".blocks.", ".layers."), muon_rate=MUON_RATE,
    )  # fmt: skip

    noted: dict[str, list[float]] = {}
    weights = {"answers": data.answers, "regions": data.regions, "binding": data.binding}

    def loss_at(step: int) -> Tensor:
        generator = seeded(seed, step)
        batch = make_batch(cache, latents, data, generator, told, setting)
        tokens, is_real = tokenize(tokenizer, batch.prompts, batch.changes)
        whole = [True] * len(batch.prompts)
        if not batch.brief:
            is_real, whole = hidden(is_real, data, seeded(seed, step, HIDING))
        rows = zip(batch.pictures, batch.described, whole, strict=True)
        roles_said = batch.brief and bool(questions.role)
        scenes = [
            cache.scene(picture) if (described or roles_said) and seen else None for picture, described, seen in rows
        ]
        places, facts = named(tokens, scenes, names, setting, batch.brief)
        time = torch.sigmoid(data.time_shift + torch.randn(len(batch.clean), generator=generator))
        asked = batch.changed[:, 0, 0, 0] != UNASKED
        time[asked & (torch.rand(len(time), generator=generator) < data.asked_at_noise)] = 1.0
        noise = torch.randn(batch.clean.shape, generator=generator)
        if found is not None and questions.role:
            signs = torch.from_numpy(questions.are_signs(found[batch.pictures][:, 3]))[:, None]
            batch = dataclasses.replace(batch, weights=batch.weights * torch.where(signs, data.sign_weight, 1.0))
        batch = batch.to(device)
        tokens, is_real, places, facts, time, noise = (
            x.to(device) for x in (tokens, is_real, places, facts, time, noise)
        )
        noisy = torch.lerp(batch.clean, noise, time[:, None, None, None])
        with in_bfloat16():
            velocity, logits, regions, said = model(noisy, time, tokens, is_real, batch, places)
        loss = velocity_loss(velocity.float(), noise - batch.clean, batch.weights)
        beside = {"regions": region_loss(regions.float(), batch.changed)}
        beside["binding"] = binding_loss(said.float(), facts, setting)
        if found is not None:
            cells = torch.from_numpy(found[batch.pictures]).to(device)
            beside["answers"] = answer_loss(logits.float(), cells, questions)
        for name, value in {"velocity": loss, **beside}.items():
            noted.setdefault(name, []).append(value.item())
        return sum((weights[name] * value for name, value in beside.items()), loss)

    def save() -> None:
        encoder.save_pretrained(out / "text_encoder")
        denoiser.save_pretrained(out / "denoiser")

    if launched().is_main_process:
        tokenizer.save_pretrained(out / "tokenizer")
    account: dict[str, Any] = {
        "model": "painter",
        "world_version": WORLD_VERSION,
        "world_setting": setting.name,
        "data": dataclasses.asdict(data),
        "captioners": {kind: captioner.abilities().weights for kind, captioner in (captioners or {}).items()},
        "pictures": cache.about,
        "lessons": taught,
    }
    prompts = [descriptive(held_out_scene(index, SETTINGS[setting.name]), index) for index in range(SHEET)]
    sheet = sheet_writer(out, model, pixels, tokenizer, prompts)
    account = train(model, loss_at, settings, out, account, sheet, noted, options, pictures=data.batch)
    if launched().is_main_process:
        sheet(account["steps"])
        save()
    return account


def taught_by_words(
    words: Lessons, tokenizer: Any, setting: WorldSetting, out: Path, steps: int, seed: int, resume: bool,
    warm_start: Path | None,
) -> dict[str, Any] | None:  # fmt: skip
    """Give a text encoder its lessons, where it has not had them; returns their account.

    A run that was broken off in the lessons resumes there; one that was past them finds its encoder in the checkpoint.
    """
    folder = out / "lessons"
    if not steps or (resume and not (folder / "checkpoint.pt").exists()):
        return None
    if resume and (out / "checkpoint.pt").exists():
        kept: dict[str, Any] = json.loads((folder / "training.json").read_text())
        return kept
    before = load_text_encoder(warm_start / "text_encoder") if warm_start else None
    return teach_binding(words, tokenizer, setting, folder, steps, seed, resume, keep_as=before)


def velocity_loss(predicted: Tensor, velocity: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean squared error of velocities.

    Args:
        predicted, velocity: (B, C, h, w); the target is ε − x₀ (flow matching, arXiv:2210.02747, equation 9).
        weights: (B, 1, h, w), mean about 1.
    """
    return (weights * (predicted - velocity).square()).mean()


def region_loss(logits: Tensor, changed: Tensor) -> Tensor:
    """Return the mean cross-entropy, in nats, of telling whether a cell changes, over the cells asked.

    Args:
        logits, changed: (B, 1, h, w); `changed` is 0, 1 or `UNASKED`.
    """
    asked = changed != UNASKED
    each = F.binary_cross_entropy_with_logits(logits, changed.clamp(min=0), reduction="none")
    return (each * asked).sum() / asked.sum().clamp(min=1)


def make_batch(
    cache: PictureCache, latents: np.ndarray, data: PainterData, generator: torch.Generator, told: Told | None = None,
    setting: WorldSetting = CORE,
) -> Batch:  # fmt: skip
    """Return a batch of new pictures, edits and masked paintings, with captions drawn afresh."""
    number = data.batch
    draws = torch.rand(number, generator=generator).tolist()
    index = torch.randint(2 * len(cache), (number,), generator=generator).tolist()
    words = random.Random(int(torch.randint(1 << 40, (1,), generator=generator)))
    brief = data.blend is None and words.random() < data.terse
    clean = torch.from_numpy(latents[index].astype(np.float32))
    parent = torch.zeros_like(clean)
    known = torch.zeros(number, 1, *clean.shape[-2:])
    mask = torch.ones_like(known)
    cells = clean.shape[-1]
    changed = torch.full_like(known, UNASKED)
    shown = [picture | 1 if draw < data.edits else picture for draw, picture in zip(draws, index, strict=True)]
    weights = F.avg_pool2d(face_weights(cache, shown, data.size, data.face_weight), data.size // cells)
    prompts, changes, described = [], [], []
    for row, (draw, picture) in enumerate(zip(draws, index, strict=True)):
        (prompt, tells_all), change = caption(cache, picture, words, data, setting, brief, told), ""
        if draw < data.edits:
            after, pair = picture | 1, cache.pairs[picture // 2]
            clean[row] = torch.from_numpy(latents[after].astype(np.float32))
            before = torch.from_numpy(latents[after - 1].astype(np.float32))
            difference = (clean[row] - before).square().mean(0, keepdim=True)
            weights[row] *= torch.where(difference > CHANGED, data.changed_weight, 1.0)
            touched = (difference > TOUCHED).float()
            parent[row], known[row] = before, 1.0
            if words.random() < data.told:
                mask[row] = grown(touched, words.randint(0, 2))
            else:
                changed[row] = touched
            change = pair.change if words.random() < 0.7 else pair.instruction
            prompt, tells_all = caption(cache, after, words, data, setting, brief, told)
            if (part := words.random()) < 0.12:
                prompt = ""
            elif part < 0.24:
                change = ""
        elif draw < data.edits + data.masks:
            mask[row] = random_mask(words, cells)
            known[row] = 1 - mask[row]
            parent[row] = clean[row] * known[row]
            weights[row] *= 0.2 + mask[row]
        if words.random() < data.text_dropout:
            prompt = change = ""
            changed[row] = UNASKED
        prompts.append(prompt)
        changes.append(change)
        described.append(tells_all and bool(prompt))
    parent = parent + known * data.parent_noise * torch.rand(number, 1, 1, 1, generator=generator) * torch.randn(
        parent.shape, generator=generator
    )
    weights = weights / weights.mean()
    return Batch(clean, parent, known, mask, weights, changed, prompts, changes, shown, described, brief)


def grown(mask: Tensor, by: int) -> Tensor:
    """Return a mask (…, h, w) that reaches `by` cells further on every side."""
    return F.max_pool2d(mask, 2 * by + 1, 1, by) if by else mask


def hidden(is_real: Tensor, data: PainterData, generator: torch.Generator) -> tuple[Tensor, list[bool]]:
    """Return which tokens (B, L) are still to be seen, and which rows are whole; first tokens are never hidden.

    The generator is to serve nothing else: how much is drawn from it depends on L.
    """
    chosen = torch.rand(len(is_real), 1, generator=generator) < data.hidden_rows
    seen = ~chosen | (torch.rand(is_real.shape, generator=generator) >= data.hidden_tokens)
    seen[:, 0] = True
    return is_real & seen, (~chosen[:, 0]).tolist()


def caption(
    cache: PictureCache, picture: int, words: random.Random, data: PainterData, setting: WorldSetting, brief: bool,
    told: Told | None,
) -> tuple[str, bool]:  # fmt: skip
    """Return the words that a picture is learned by, and whether they are known to tell all.

    Without a blend a fresh prompt of a few words where it is to be `brief`, else a fresh caption, descriptive nine
    times in ten, else short or the web's kind.
    """
    if data.blend is not None and told is not None:
        original = alt_text(cache.scene(picture), picture, data.alt_rates)
        return blended(original, told, picture, data.blend, words), False
    scene, seed, draw = cache.scene(picture), words.randrange(1 << 30), words.random()
    if brief:
        return terse(scene, seed, setting, cache.is_unlit(picture)), False
    if draw < 0.9:
        text = descriptive(scene, seed)
        return f"{text} {light_denied(scene, seed)}" if cache.is_unlit(picture) else text, True
    return short(scene, seed) if draw < 0.97 else alt_text(scene, seed), False


def random_mask(words: random.Random, cells: int) -> Tensor:
    """Return a mask (1, cells, cells) of one or two rectangles, 1 inside."""
    mask = torch.zeros(1, cells, cells)
    for _ in range(words.randint(1, 2)):
        high, wide = words.randint(cells // 4, cells * 3 // 4), words.randint(cells // 4, cells * 3 // 4)
        top, left = words.randint(0, cells - high), words.randint(0, cells - wide)
        mask[:, top : top + high, left : left + wide] = 1
    return mask


@torch.no_grad()
def cached_latents(cache: PictureCache, autoencoder: PictureAutoencoder, folder: Path) -> np.ndarray:
    """Return latents (2P, C, h, w) float16 of all pictures of the cache, computed once for each autoencoder."""
    digest = hashlib.sha256()
    for value in autoencoder.state_dict().values():
        digest.update(value.cpu().contiguous().numpy().tobytes())
    path = folder / f"latents-{digest.hexdigest()[:12]}.npy"
    if path.exists():
        kept: np.ndarray = np.load(path)
        return kept
    autoencoder = autoencoder.to(memory_format=torch.channels_last)
    found = []
    for start in tqdm(range(0, 2 * len(cache), 64), desc="encoding", mininterval=10):
        pictures = load_pictures(cache, list(range(start, min(start + 64, 2 * len(cache)))))
        pictures = pictures.to(autoencoder.device)
        with in_bfloat16():
            encoded = autoencoder.encode(pictures.contiguous(memory_format=torch.channels_last))
        found.append(encoded.to(torch.float16).cpu().numpy())
    latents: np.ndarray = np.concatenate(found)
    save_whole(path, latents)
    return latents


def weights_folder(part: str) -> Path:
    return Path(__file__).parent.parent / "weights" / "painter" / part


def _tokenizer_texts(setting: WorldSetting) -> list[str]:
    scenes = [random_scene(seed, setting) for seed in range(TOKENIZER_SCENES)]
    return [function(scene, seed) for seed, scene in enumerate(scenes) for function in (descriptive, short, alt_text)]


def sheet_writer(
    out: Path, model: Any, autoencoder: PictureAutoencoder, tokenizer: Any, prompts: Sequence[str]
) -> Callable[[int], None]:
    """Return a function that paints sixteen prompts and writes them as one picture.

    Args:
        model: has the `text_encoder` and the `denoiser`.
    """
    told = tokenize(tokenizer, [*prompts, *[""] * SHEET], [""] * (2 * SHEET))

    @torch.no_grad()
    def write(step: int) -> None:
        model.eval()
        device = model.denoiser.device  # the CPU once training is over
        autoencoder.to(device)
        tokens, is_real = (x.to(device) for x in told)
        channels = int(autoencoder.config.latent_channels)
        side = int(model.denoiser.config.cells)
        latents = torch.stack([noise_for(seed, 0, (channels, side, side)) for seed in range(SHEET)]).to(device)
        empty = torch.zeros(2 * SHEET, channels, side, side, device=device)
        nothing = torch.zeros(2 * SHEET, 1, side, side, device=device)
        scheduler = euler_schedule(12)
        with in_bfloat16():
            text = model.denoiser.prepare_text(text_states(model.text_encoder, tokens, is_real), is_real)
            for moment in scheduler.timesteps:
                time = torch.full((2 * SHEET,), float(moment) / 1000, device=device)
                both = model.denoiser(latents.repeat(2, 1, 1, 1), time, text, empty, nothing, nothing + 1).float()
                velocity = guide(both[SHEET:], both[:SHEET], 4.0)
                latents = scheduler.step(velocity, moment, latents).prev_sample
            pictures = autoencoder.decode(latents).float()
        pixels = ((pictures.clamp(-1, 1) + 1) * 127.5).byte().permute(0, 2, 3, 1).cpu().numpy()
        rows = [np.concatenate(list(pixels[start : start + 8]), 1) for start in (0, 8)]
        Image.fromarray(np.concatenate(rows)).save(out / f"sheet-{step:06d}.png")
        model.train()

    return write
