"""Training of a captioner: the base on noisy alt text, then short and descriptive captions from that base; on the
picture world, or on people's own pictures (`captioner.training.own`), from nothing or round pretrained parts.

Dimensions: B batch, L tokens, H = W = 128 pixels, h = w = 16 cells, K classes of all questions together.
"""

from __future__ import annotations

import dataclasses
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
from captioner.models.coca import CocaModel
from captioner.models.prefix import AnyCoca, PrefixCaptioner
from captioner.models.tower import MERGE, PATCH
from captioner.saved import load_coca
from captioner.tokenizer import Task, load_tokenizer, phrases_of, tokenize, train_tokenizer
from captioner.towers import build
from captioner.training.checkpoints import writing
from captioner.training.lesson import Lesson, Lessons
from captioner.training.loop import (
    RunOptions,
    RunSettings,
    in_bfloat16,
    launched,
    seeded,
    train,
    training_device,
    write_account,
)
from captioner.training.own import OwnData, OwnLessons
from captioner.training.pictures import REHEARSED_PAIRS, PictureCache, draw_pairs
from captioner.training.segments import Questions, answer_loss, cached_answers
from captioner.training.sheets import captioned_sheet
from captioner.world import words
from captioner.world.captions import ALT_RATES, AltRates, alt_text, descriptive, short
from captioner.world.draw import render
from captioner.world.foremost import foremost
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
OWN_VOCABULARY = 8_192
"""Of a tokenizer that is learned from people's own captions, at most."""
TOWER_RATE = 0.01
"""The share of the learning rate at which pretrained parts learn: 1e-5, as open_clip's CoCa is fine-tuned."""
PRETRAINED = ("coca.image_tower.model", "coca.decoder")
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

    def __init__(self, coca: AnyCoca, classes: int):
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
    stage: Stage | None = None,
    truth: float | None = None,
    batch: int | None = None,
    compiled: bool = False,
    flat_until: float = 0.6,
    rate: float = 1e-3,
    shape: dict[str, int] | None = None,
    own: OwnData | None = None,
    size: int | None = None,
    image_tower: str | None = None,
    text_decoder: str | None = None,
    tower_rate: float = TOWER_RATE,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train a captioner and save it in `out`/captioner with its tokenizer; returns the run's account.

    Args:
        out: the run's folder.
        warm_start: a saved captioner to start from: for `ssc` and `dsc` the base.
        pictures: the folder of drawn pictures, drawn now if it holds none; None takes `out`/pictures.
        stage: which captions it learns; None takes `base` on the world, of people's own pictures both kinds where
            there are captions of both, else `dsc`.
        truth, batch, size: take the place of those in `data`.
        shape: sizes in place of `CocaConfig`'s, for tests.
        compiled: fuse the layers with torch.compile: needs a C++ compiler and a minute.
        own: people's own pictures in place of the world's.
        image_tower, text_decoder: pretrained parts in place of our own: a folder, or a name on the hub.
        tower_rate: the share of the learning rate at which these learn; 0 freezes them.

    Raises:
        TrainingError: there is no such stage, or `ssc` or `dsc` without a base; a loss was not a number.
        DataError: `pictures` holds another world's; `own` cannot be learned from.
        WeightsError: `resume` finds no checkpoint, or a pretrained part is no such model.
    """
    if stage is None:
        stage = "base" if own is None else "both" if own.captions else "dsc"
    if stage not in get_args(Stage):
        raise TrainingError(f"there is no stage {stage!r}; choose one of {', '.join(get_args(Stage))}.")
    if stage in ("ssc", "dsc") and own is None and not (warm_start or resume):
        raise TrainingError(f"stage {stage} starts from a base; give its folder with --warm-start.")
    if warm_start and (image_tower or text_decoder):
        raise TrainingError("a warm start has its parts already; leave out --image-tower and --text-decoder.")
    if own is not None and truth:
        raise TrainingError("--truth learns from the picture world's masks; leave it out with pictures of your own.")
    changed = {"truth": truth, "batch": batch, "size": size}
    data = CaptionerData(**vars(data) | {name: value for name, value in changed.items() if value is not None})
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    if options.rehearsal:
        data = dataclasses.replace(data, pairs=min(data.pairs, REHEARSED_PAIRS))
    with launched().main_process_first():
        coca, tokenizer = _begun(out, data, setting, own, resume, warm_start, image_tower, text_decoder, shape or {})
    data = dataclasses.replace(data, size=coca.config.image_size)
    lessons: Lessons
    if own is not None:
        lessons = OwnLessons(own, MIXES[stage], data.size, data.batch, seed, out / "skipped.log", threads)
    else:
        cache = opened_pictures(pictures or out / "pictures", data, setting, seed, threads)
        lessons = WorldLessons(cache, data, MIXES[stage], setting, threads)
    questions = Questions.of(setting)
    model = CaptionerInTraining(coca, sum(questions.sizes) if data.truth else 0)
    model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if compiled:
        if not isinstance(coca, CocaModel) or coca.config.image_tower:
            raise TrainingError("--compiled fuses our own layers; leave it out with pretrained parts.")
        tower: Any = coca.image_tower
        for block in (*tower.near_blocks, *tower.blocks):
            block.compile(dynamic=False)
        for block in (*coca.unimodal_blocks, *coca.multimodal_blocks):
            block.compile(dynamic=True)
    settings = RunSettings(
        minutes, steps, learning_rate=rate, warmup=200, flat_until=flat_until, ema=0.998, seed=seed, resume=resume,
        muon=("blocks.",), muon_rate=MUON_RATE, slow=PRETRAINED if _is_pretrained(coca) else (), slow_rate=tower_rate,
    )  # fmt: skip
    noted: dict[str, list[float]] = {name: [] for name in ("caption", "contrastive", *["truth"] * bool(data.truth))}

    def loss_at(step: int) -> Tensor:
        lesson = lessons.lesson(seeded(seed, step))
        tokens, is_real = tokenize(tokenizer, lesson.texts, lesson.tasks, coca.config.max_tokens)
        same = torch.from_numpy(np.array(lesson.texts)[:, None] == np.array(lesson.texts))
        pixels = to_pixels(lesson.pictures)
        tokens, is_real, same, pixels = (x.to(training_device()) for x in (tokens, is_real, same, pixels))
        is_asked = is_real[:, 1:]
        with in_bfloat16():
            states = coca.encode_pictures(pixels)
            seen = coca.picture_features(states)
            text, said = coca.encode_text(tokens[:, :-1], is_real[:, :-1])
            told = coca.decode(text, coca.prepare_context(states))
            logits = coca.logits(told[is_asked]).float()
            answers = model.answers(states) if data.truth else None
        captioning = caption_loss(logits, tokens[:, 1:][is_asked])
        matching = contrastive_loss(seen, said, coca.log_scale.clamp(max=np.log(100)).exp(), same)
        noted["caption"].append(captioning.item())
        noted["contrastive"].append(matching.item())
        loss = data.caption * captioning + data.contrastive * matching
        if answers is None or lesson.cells is None:
            return loss
        told_cells = truth_loss(answers, lesson.cells, questions)
        noted["truth"].append(told_cells.item())
        return loss + data.truth * told_cells

    show = _sample_writer(coca, tokenizer, *lessons.shown(), out)

    def save(step: int) -> None:
        weights = {name: value.contiguous().cpu() for name, value in coca.state_dict().items()}  # not channels last
        coca.save_pretrained(out / "captioner", state_dict=weights)
        tokenizer.save_pretrained(out / "captioner")
        show(step)

    account: dict[str, Any] = {
        "model": "captioner",
        "stage": stage,
        "world_version": coca.config.world_version,
        "world_setting": coca.config.world_setting,
        "data": vars(data) | {"alt_rates": vars(data.alt_rates)},
        **lessons.about(),
        "warm_start": str(warm_start) if warm_start else None,
    }
    if _is_pretrained(coca):
        account |= {"image_tower": image_tower, "text_decoder": text_decoder, "tower_rate": tower_rate}
    account = train(model, loss_at, settings, out, account, save, noted, options, lessons.stream, data.batch)
    if launched().is_main_process:
        if own is None and not options.rehearsal:
            account |= held_out_figures(coca, tokenizer, setting, MIXES[stage], data)
        with writing(out):
            save(account["steps"])
            for folder in (out, out / "captioner"):
                write_account(folder, account)
    return account


class WorldLessons:
    """Batches from the picture world, with captions drawn afresh and, where `data` has a weight for it, the truth."""

    stream = None

    def __init__(
        self, cache: PictureCache, data: CaptionerData, mix: dict[Task, float], setting: WorldSetting, threads: int
    ):
        self.cache, self.data, self.mix, self.setting = cache, data, mix, setting
        self.found = None
        if data.truth:
            self.found = cached_answers(cache, setting, data.size // PATCH, cache.folder, threads)

    def lesson(self, generator: torch.Generator) -> Lesson:
        index, texts, tasks = make_batch(self.cache, self.data, self.mix, generator)
        pictures = np.stack([self.cache.pictures[i] for i in index])
        if self.found is None:
            return Lesson(pictures, texts, tasks)
        questions = Questions.of(self.setting)
        return Lesson(pictures, texts, tasks, with_item_colours(self.cache, index, self.found[index], questions))

    def shown(self) -> tuple[np.ndarray, list[dict[Task, str]]]:
        scenes = [held_out_scene(index, self.setting) for index in range(16)]
        # Of alt text, which is as noisy as may be, the truth is shown.
        truths = [
            {task: written(scene, "descriptive" if task == "alt" else task, row) for task in self.mix}
            for row, scene in enumerate(scenes)
        ]
        return np.stack([render(scene, self.data.size) for scene in scenes]), truths

    def about(self) -> dict[str, Any]:
        return {"pictures": self.cache.about}


def _begun(
    out: Path, data: CaptionerData, setting: WorldSetting, own: OwnData | None, resume: bool, warm_start: Path | None,
    image_tower: str | None, text_decoder: str | None, shape: dict[str, int],
) -> tuple[AnyCoca, PreTrainedTokenizerFast]:  # fmt: skip
    """Return the model as it begins and its tokenizer; a run's tokenizer is kept in its folder from the first."""
    if warm_start:
        return load_coca(warm_start), load_tokenizer(warm_start)
    kept = out / "captioner"
    if resume and (kept / "config.json").exists():
        return load_coca(kept), load_tokenizer(kept)
    tokenizer = None
    if text_decoder is None and own is None:
        tokenizer = train_tokenizer(_tokenizer_texts(setting), VOCABULARY, phrases_of(vars(words)))
    elif text_decoder is None and own is not None:
        tokenizer = train_tokenizer(own.texts(), OWN_VOCABULARY)
    world = {} if own else {"world_version": WORLD_VERSION, "world_setting": setting.name}
    coca, tokenizer = build(image_tower, text_decoder, tokenizer, **{"image_size": data.size, **world, **shape})
    if launched().is_main_process and own is not None:
        with writing(out):
            coca.config.save_pretrained(kept)
            tokenizer.save_pretrained(kept)
    return coca, tokenizer


def _is_pretrained(coca: AnyCoca) -> bool:
    return isinstance(coca, PrefixCaptioner) or coca.config.image_tower is not None


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
    return short(scene, seed, foremost(scene)) if task == "short" else descriptive(scene, seed)


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
        found: (B, questions, h, w).
    """
    side = found.shape[-1] // MERGE
    cells = F.pixel_shuffle(answers.float().transpose(1, 2).unflatten(2, (side, side)), MERGE)
    return answer_loss(cells, torch.from_numpy(found).to(cells.device), questions)


@torch.inference_mode()
def held_out_figures(
    coca: AnyCoca,
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
            tokens, is_real = (
                x.to(coca.device) for x in tokenize(tokenizer, texts, [task] * len(texts), coca.config.max_tokens)
            )
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
    coca: AnyCoca, tokenizer: PreTrainedTokenizerFast, pictures: np.ndarray, truths: list[dict[Task, str]], out: Path
) -> Callable[[int], None]:
    """Return a function that captions pictures (N, H, W, 3) and writes what it says below what is true, with them."""

    def write(step: int) -> None:
        pixels = to_pixels(pictures).to(coca.device)
        was_training = coca.training
        coca.eval()
        said = {task: greedy(coca, tokenizer, pixels, task) for task in truths[0]}
        coca.train(was_training)
        lines, notes = [], []
        for row, truth in enumerate(truths):
            for task, text in truth.items():
                lines += [f"{task} true: {text}", f"{task} said: {said[task][row]}"]
            lines.append("")
            notes.append("\n".join(said[task][row] for task in truth))
        (out / f"samples-{step:06d}.txt").write_text("\n".join(lines), "utf-8")
        captioned_sheet(pictures, notes).save(out / f"sheet-{step:06d}.png")

    return write
