"""Captions a second: our decoding against `transformers`' own `generate`, in turn, on one machine.

Both have the same weights in the same precision, the same pictures in the same batch, the same kernels (torch's fused
attention, which transformers takes by itself, among them), a cache of keys and values of the text, and the picture's
keys and values made once; both take the likeliest token until a caption ends.

Dimensions: B pictures, L tokens, V vocabulary.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache, GenerationMixin, PreTrainedTokenizerFast
from transformers.modeling_outputs import CausalLMOutputWithPast

from captioner.decode import tell
from captioner.embedded import EmbeddedCaptioner
from captioner.models.caches import Context
from captioner.models.coca import CocaModel
from captioner.request import CaptionKind, Picture
from captioner.tokenizer import TASKS, Task

BATCH = 64
GOAL = 1.5


class GeneratingCoca(CocaModel, GenerationMixin):
    """The captioner as transformers decodes such models; `context` is what `prepare_context` made of the pictures."""

    main_input_name = "input_ids"

    def prepare_inputs_for_generation(
        self, input_ids: Tensor, past_key_values: DynamicCache, context: Context, **kwargs: Any
    ) -> dict[str, Any]:
        """Return what `forward` gets for the next token: the tokens that the cache does not hold yet."""
        new = input_ids[:, past_key_values.get_seq_length() :]
        return {"input_ids": new, "past_key_values": past_key_values, "context": context}

    def forward(
        self,
        input_ids: Tensor,
        past_key_values: DynamicCache | None = None,
        context: Context | None = None,
        attention_mask: Tensor | None = None,
        **_: Any,
    ) -> CausalLMOutputWithPast:
        """Return logits (B, 1, V) of what follows the last of tokens (B, L)."""
        assert past_key_values is not None and context is not None
        states = self.next_states(input_ids, past_key_values.get_seq_length(), context, past_key_values)
        with torch.autocast(states.device.type, enabled=False):
            logits = self.logits(states[:, -1:].float())
        return CausalLMOutputWithPast(logits=logits, past_key_values=past_key_values)


def generating(coca: CocaModel) -> GeneratingCoca:
    """Return the same model, with the same weights, as `transformers` generates with it."""
    model = GeneratingCoca(coca.config).to(coca.device, coca.dtype).eval().requires_grad_(False)
    model.load_state_dict(coca.state_dict())
    return model


@torch.inference_mode()
def tell_by_transformers(
    model: GeneratingCoca, tokenizer: PreTrainedTokenizerFast, pictures: Tensor, task: Task, max_tokens: int = 128
) -> list[str]:
    """Return the likeliest caption of each picture (B, 3, H, W), token by token, by `generate`."""
    context = model.prepare_context(model.encode_pictures(pictures.to(model.dtype)))
    first = torch.full((len(pictures), 1), tokenizer.convert_tokens_to_ids(TASKS[task]), device=pictures.device)
    never = [tokenizer.pad_token_id, *tokenizer.convert_tokens_to_ids(list(TASKS.values()))]
    never += range(len(tokenizer), model.config.vocab_size)
    told = model.generate(
        first, context=context, past_key_values=DynamicCache(), do_sample=False, num_beams=1,
        max_new_tokens=min(max_tokens, model.config.max_tokens), eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id, suppress_tokens=never, use_cache=True,
    )  # fmt: skip
    return [tokenizer.decode(row[1:], skip_special_tokens=True).strip() for row in told]


@dataclass(frozen=True)
class Speed:
    """Captions a second of both ways, run by run, and what share of captions is word for word the same.

    `ours_worked` and `theirs_worked` are captions a second of processor time, which other work on the machine hardly
    changes.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    ours_worked: tuple[float, ...]
    theirs_worked: tuple[float, ...]
    same: float
    kind: CaptionKind
    batch: int
    about: str

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours) / statistics.median(self.theirs)

    def table(self) -> str:
        ratios = sorted(one / two for one, two in zip(self.ours, self.theirs, strict=True))
        worked = statistics.median(self.ours_worked) / statistics.median(self.theirs_worked)
        verdict = "met" if self.ratio >= GOAL else "missed"
        return (
            f"{self.kind} captions a second, batch of {self.batch}, median of {len(self.ours)} runs in turn\n"
            f"Limner                 {statistics.median(self.ours):>8.1f}\n"
            f"transformers generate  {statistics.median(self.theirs):>8.1f}\n"
            f"ratio                  {self.ratio:>8.2f} ×   of single pairs {ratios[0]:.2f} to {ratios[-1]:.2f}; goal "
            f"{GOAL:g} ×  {verdict}\n"
            f"by processor time       {worked:>7.2f} ×   {statistics.median(self.ours_worked):.1f} and "
            f"{statistics.median(self.theirs_worked):.1f} captions a second of it\n"
            f"word for word the same {self.same:>8.3f}\n{self.about}"
        )


def measure_speed(
    captioner: EmbeddedCaptioner, pictures: Sequence[Picture], kind: CaptionKind = "descriptive", repeats: int = 7
) -> Speed:
    """Return how fast a batch of pictures is captioned in both ways, one after the other, `repeats` times."""
    model, tokenizer, pixels = generating(captioner.coca), captioner.tokenizer, captioner.pixels(pictures)
    ways: tuple[Callable[[], list[str]], ...] = (
        lambda: tell(captioner.coca, tokenizer, pixels, kind),
        lambda: tell_by_transformers(model, tokenizer, pixels, kind),
    )
    ours, theirs = (way() for way in ways)  # warm
    rates: tuple[list[float], list[float]] = ([], [])
    worked: tuple[list[float], list[float]] = ([], [])
    load = os.getloadavg()[0]
    for _ in range(repeats):
        for rate, work, way in zip(rates, worked, ways, strict=True):
            began, busy = time.perf_counter(), time.process_time()
            way()
            rate.append(len(pictures) / (time.perf_counter() - began))
            work.append(len(pictures) / (time.process_time() - busy))
    same = sum(one == two for one, two in zip(ours, theirs, strict=True)) / len(ours)
    about = (
        f"precision: {str(captioner.coca.dtype).removeprefix('torch.')}; threads: {torch.get_num_threads()}; "
        f"load before: {load:.1f}"
    )
    runs = [tuple(each) for each in (*rates, *worked)]
    return Speed(runs[0], runs[1], runs[2], runs[3], same, kind, len(pictures), about)
