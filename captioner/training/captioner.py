"""Training of the embedded captioner: the base on noisy alt text, then short and descriptive captions from that base.

Dimensions: B batch, L tokens, H = W = 128 pixels, h = w = 16 cells, K classes of all questions together.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from captioner.decode import greedy
from captioner.errors import DataError, TrainingError
from captioner.losses import caption_loss, contrastive_loss
from captioner.models.coca import CocaConfig, CocaModel
from captioner.models.tower import MERGE, PATCH
from captioner.packing import load_model
from captioner.tokenizer import Task, load_tokenizer, phrases_of, tokenize, train_tokenizer
from captioner.training.loop import RunSettings, in_bfloat16, launched, seeded, train, training_device, write_account
from captioner.training.pictures import PictureCache, draw_pairs
from captioner.training.segments import Questions, answer_loss, cached_answers
from captioner.world import words
from captioner.world.captions import ALT_RATES, AltRates, alt_text, descriptive, short
from captioner.world.draw import render
from captioner.world.sample import held_out_scene, random_scene
from captioner.world.scene import CORE, WORLD_VERSION, Scene, WorldSetting

Stage = Literal["base", "ssc", "dsc", "both"]
MIXES: dict[Stage, dict[Task, float]] = {
    "base": {"alt": 1.0},
    "ssc": {"short": 1.0},
    "dsc": {"descriptive": 1.0},
    "both": {"short": 0.5, "descriptive": 0.5},
}
"""Which captions each stage learns, twins aside. The embedded captioner learns `both`, told by the first token."""
MUON_RATE = 2.5
VOCABULARY = 1_024
TOKENIZER_SCENES = 2_000


@dataclass(frozen=True)
class CaptionerData:
    """What a batch is made of and what counts how much.

    `twins` is the share of a batch that comes in pairs, a picture before and after one change: only every detail tells
    their descriptive captions apart. (Short captions often do not, and come singly.)
    `truth` weighs the loss of telling for each cell what is there, from the world's exact masks: many times the facts
    that a caption states, and where they are. It must be 0 wherever what captions are worth is measured, as when a base
    learns from noisy alt text for the better-captions experiment: it would teach what the alt text does not say.
    """

    pairs: int = 16_000
    batch: int = 64
    size: int = 128
    contrastive: float = 1.0
    caption: float = 2.0
    truth: float = 0.0
    twins: float = 0.5
    alt_rates: AltRates = ALT_RATES


class CaptionerInTraining(nn.Module):
    """The captioner and a head for `classes` a cell on its image states, if any, which is thrown away afterwards."""

    def __init__(self, coca: CocaModel, classes: int):
        super().__init__()
        self.coca = coca
        self.answers = nn.Linear(coca.config.image_width, MERGE**2 * classes) if classes else nn.Identity()


def train_captioner(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 3,
    threads: int = 2,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    data: CaptionerData = CaptionerData(),
    pictures: Path | None = None,
    stage: Stage = "base",
    truth: float | None = None,
    batch: int | None = None,
    compiled: bool = False,
    flat_until: float = 0.6,
    rate: float = 1e-3,
    shape: dict[str, int] | None = None,
) -> dict[str, Any]:
    """Train a captioner and save it in `out`/captioner with its tokenizer; returns the run's account.

    Args:
        out: the run's folder.
        warm_start: a saved captioner to start from: for `ssc` and `dsc` the base.
        pictures: the folder of drawn pictures, drawn now if it holds none; None takes `out`/pictures.
        stage: which captions it learns.
        truth, batch: take the place of those in `data`.
        shape: sizes in place of `CocaConfig`'s, for tests.
        compiled: fuse the layers with torch.compile: needs a C++ compiler and a minute.

    Raises:
        TrainingError: there is no such stage, or `ssc` or `dsc` without a base; a loss was not a number.
        DataError: `pictures` holds another world's.
        WeightsError: `resume` finds no checkpoint.
    """
    if stage not in get_args(Stage):
        raise TrainingError(f"there is no stage {stage!r}; choose one of {', '.join(get_args(Stage))}.")
    if stage in ("ssc", "dsc") and not (warm_start or resume):
        raise TrainingError(f"stage {stage} starts from a base; give its folder with --warm-start.")
    changed = {"truth": truth, "batch": batch}
    data = CaptionerData(**vars(data) | {name: value for name, value in changed.items() if value is not None})
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    cache = opened_pictures(pictures or out / "pictures", data, setting, seed, threads)
    if warm_start:
        tokenizer = load_tokenizer(warm_start)
        coca = load_model(CocaModel, warm_start)
    else:
        tokenizer = train_tokenizer(_tokenizer_texts(setting), VOCABULARY, phrases_of(vars(words)))
        vocabulary = -(-len(tokenizer) // 64) * 64
        coca = CocaModel(
            CocaConfig(
                vocabulary,
                image_size=data.size,
                world_version=WORLD_VERSION,
                world_setting=setting.name,
                **(shape or {}),
            )
        )
    questions = Questions.of(setting)
    found = None
    if data.truth:
        found = cached_answers(cache, setting, data.size // PATCH, cache.folder, threads)
    model = CaptionerInTraining(coca, sum(questions.sizes) if data.truth else 0)
    model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if compiled:
        tower = coca.image_tower
        for block in (*tower.near_blocks, *tower.blocks):
            block.compile(dynamic=False)
        for block in (*coca.unimodal_blocks, *coca.multimodal_blocks):
            block.compile(dynamic=True)
    settings = RunSettings(
        minutes, steps, learning_rate=rate, warmup=200, flat_until=flat_until, ema=0.998, seed=seed, resume=resume,
        muon=("blocks.",), muon_rate=MUON_RATE,
    )  # fmt: skip
    noted: dict[str, list[float]] = {"caption": [], "contrastive": [], "truth": []}

    def loss_at(step: int) -> Tensor:
        generator = seeded(seed, step)
        index, texts, tasks = make_batch(cache, data, MIXES[stage], generator)
        tokens, is_real = tokenize(tokenizer, texts, tasks)
        same = torch.from_numpy(np.array(texts)[:, None] == np.array(texts))
        pixels = load_pictures(cache, index)
        tokens, is_real, same, pixels = (x.to(training_device()) for x in (tokens, is_real, same, pixels))
        is_asked = is_real[:, 1:]
        with in_bfloat16():
            states = coca.encode_pictures(pixels)
            seen = coca.picture_features(states)
            text, said = coca.encode_text(tokens[:, :-1], is_real[:, :-1])
            told = coca.decode(text, coca.prepare_context(states))
            logits = coca.logits(told[is_asked]).float()
            answers = model.answers(states) if found is not None else None
        captioning = caption_loss(logits, tokens[:, 1:][is_asked])
        matching = contrastive_loss(seen, said, coca.log_scale.clamp(max=np.log(100)).exp(), same)
        noted["caption"].append(captioning.item())
        noted["contrastive"].append(matching.item())
        loss = data.caption * captioning + data.contrastive * matching
        if answers is None or found is None:
            return loss
        told_cells = truth_loss(answers, with_item_colours(cache, index, found[index], questions), questions)
        noted["truth"].append(told_cells.item())
        return loss + data.truth * told_cells

    def save(step: int) -> None:
        weights = {name: value.contiguous().cpu() for name, value in coca.state_dict().items()}  # not channels last
        coca.save_pretrained(out / "captioner", state_dict=weights)
        tokenizer.save_pretrained(out / "captioner")
        write_samples(out / f"samples-{step:06d}.txt")

    write_samples = _sample_writer(coca, tokenizer, setting, MIXES[stage])
    account: dict[str, Any] = {
        "model": "captioner",
        "stage": stage,
        "world_version": WORLD_VERSION,
        "world_setting": setting.name,
        "data": vars(data) | {"alt_rates": vars(data.alt_rates)},
        "pictures": cache.about,
        "warm_start": str(warm_start) if warm_start else None,
    }
    if not data.truth:
        del noted["truth"]
    account = train(model, loss_at, settings, out, account, save, noted)
    if launched().is_main_process:
        account |= held_out_figures(coca, tokenizer, setting, MIXES[stage], data)
        save(account["steps"])
        for folder in (out, out / "captioner"):
            write_account(folder, account)
    return account


def opened_pictures(folder: Path, data: CaptionerData, setting: WorldSetting, seed: int, workers: int) -> PictureCache:
    """Open a folder of drawn pictures, however many it holds, or draw them.

    Raises:
        DataError: the folder's pictures are of another setting or size.
    """
    if not (folder / "cache.json").exists():
        return draw_pairs(folder, data.pairs, setting.name, seed, data.size, workers)
    cache = PictureCache(folder)
    held, wanted = (cache.about["setting"], cache.about["size"]), (setting.name, data.size)
    if held != wanted:
        raise DataError(f"{folder} holds pictures of (setting, size) {held}, not {wanted}; name another folder.")
    return cache


def make_batch(
    cache: PictureCache, data: CaptionerData, mix: dict[Task, float], generator: torch.Generator
) -> tuple[list[int], list[str], list[Task]]:
    """Return the batch's pictures, by their place in the cache, with a caption drawn afresh for each, and its kind."""
    random_words = random.Random(int(torch.randint(1 << 40, (1,), generator=generator)))
    twin_share = data.twins if "descriptive" in mix else 0.0
    index: list[int] = []
    tasks: list[Task] = []
    while len(index) < round(twin_share * data.batch) // 2 * 2:
        pair = random_words.randrange(len(cache))
        index += [2 * pair, 2 * pair + 1]
        tasks += ["descriptive", "descriptive"]
    while len(index) < data.batch:
        index.append(random_words.randrange(2 * len(cache)))
        tasks += random_words.choices(list(mix), list(mix.values()))
    texts = [
        written(cache.scene(picture), task, random_words.randrange(1 << 30), data.alt_rates)
        for picture, task in zip(index, tasks, strict=True)
    ]
    return index, texts, tasks


def written(scene: Scene, task: Task, seed: int, rates: AltRates = ALT_RATES) -> str:
    """Return a caption of a scene, of the kind that is asked."""
    if task == "alt":
        return alt_text(scene, seed, rates)
    return short(scene, seed) if task == "short" else descriptive(scene, seed)


def load_pictures(cache: PictureCache, index: list[int]) -> Tensor:
    """Return pictures (B, 3, H, W), −1 to 1."""
    return to_pixels(np.stack([cache.pictures[i] for i in index]))


def to_pixels(pictures: np.ndarray) -> Tensor:
    """(B, H, W, 3) uint8 → (B, 3, H, W), −1 to 1."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def with_item_colours(cache: PictureCache, index: list[int], found: np.ndarray, questions: Questions) -> np.ndarray:
    """Return classes (B, 4, h, w) in which what is worn or held has its own colour, not that of who wears it.

    Where two things of a picture are of one kind, whose hat it is cannot be told from the classes; theirs stay.
    """
    told = found.copy()
    for row, picture in enumerate(index):
        things = cache.scene(picture).things
        kinds = [thing.kind for thing in things]
        for thing in things:
            if kinds.count(thing.kind) > 1:
                continue
            here = found[row, 0] == questions.what.index(thing.kind)
            for item in (*thing.worn, thing.held):
                if item is not None:
                    on_item = here & (found[row, 3] == questions.part.index(item.kind))
                    told[row, 1][on_item] = questions.colour.index(item.colour)
    return told


def truth_loss(answers: Tensor, found: np.ndarray, questions: Questions) -> Tensor:
    """Return the loss of telling each cell's classes, in nats.

    Args:
        answers: (B, N, 4K), a token's logits for each of its cells.
        found: (B, 4, h, w).
    """
    side = found.shape[-1] // MERGE
    cells = F.pixel_shuffle(answers.float().transpose(1, 2).unflatten(2, (side, side)), MERGE)
    return answer_loss(cells, torch.from_numpy(found).to(cells.device), questions)


@torch.inference_mode()
def held_out_figures(
    coca: CocaModel,
    tokenizer: PreTrainedTokenizerFast,
    setting: WorldSetting,
    mix: dict[Task, float],
    data: CaptionerData,
    number: int = 256,
) -> dict[str, float]:
    """Return the caption loss, nats a token, on held-out scenes, and R@1 among `number` of them, for each kind."""
    coca.eval()
    scenes = [held_out_scene(index, setting) for index in range(number)]
    pixels = to_pixels(np.stack([render(scene, data.size) for scene in scenes]))
    figures: dict[str, float] = {}
    for task in mix:
        losses, seen, said = [], [], []
        for start in range(0, number, 64):
            texts = [written(scenes[i], task, i, data.alt_rates) for i in range(start, min(start + 64, number))]
            tokens, is_real = (x.to(coca.device) for x in tokenize(tokenizer, texts, [task] * len(texts)))
            with in_bfloat16():
                states = coca.encode_pictures(pixels[start : start + 64].to(coca.device))
                text, feature = coca.encode_text(tokens[:, :-1], is_real[:, :-1])
                told = coca.decode(text, coca.prepare_context(states))
                logits = coca.logits(told[is_real[:, 1:]]).float()
                seen.append(coca.picture_features(states))
            losses.append(caption_loss(logits, tokens[:, 1:][is_real[:, 1:]]).item())
            said.append(feature)
        scores = (torch.cat(seen) @ torch.cat(said).T).cpu()
        figures[f"held_out_loss_{task}"] = sum(losses) / len(losses)
        figures[f"held_out_recall_{task}"] = (scores.argmax(1) == torch.arange(number)).float().mean().item()
    return figures


def _tokenizer_texts(setting: WorldSetting) -> list[str]:
    scenes = [random_scene(seed, setting) for seed in range(TOKENIZER_SCENES)]
    return [function(scene, seed) for seed, scene in enumerate(scenes) for function in (descriptive, short, alt_text)]


def _sample_writer(
    coca: CocaModel, tokenizer: PreTrainedTokenizerFast, setting: WorldSetting, mix: dict[Task, float]
) -> Callable[[Path], None]:
    """Return a function that captions sixteen held-out pictures and writes what it says below what is true."""
    scenes = [held_out_scene(index, setting) for index in range(16)]
    size = coca.config.image_size

    def write(path: Path) -> None:
        pixels = to_pixels(np.stack([render(scene, size) for scene in scenes])).to(coca.device)
        was_training = coca.training
        coca.eval()
        said = {task: greedy(coca, tokenizer, pixels, task) for task in mix}
        coca.train(was_training)
        lines = []
        for row, scene in enumerate(scenes):
            for task in mix:
                truth = "descriptive" if task == "alt" else task
                lines += [f"{task} true: {written(scene, truth, row)}", f"{task} said: {said[task][row]}"]
            lines.append("")
        path.write_text("\n".join(lines))

    return write
