"""The embedded rewriter's language model: a small Llama that runs on plain torch, with nothing else to load.

Trained by `assistant.training`, on contexts as `assistant.rewriter.render_path` writes them; it reads the first message
of the person's and no other (a retry samples). The forward pass is written out, since at batch 1 the calls cost
more than the arithmetic; a test holds it to transformers' `LlamaForCausalLM`. torch is imported on first use.

Dimensions: L tokens, D width, H heads, E width of a head, V vocabulary.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.llm.chat import ChatMessage
from assistant.llm.doubting import (
    asks_needlessly,
    best_asked,
    called_alike,
    contradicts_itself,
    is_astray,
    missing_in,
    stranger_in,
    takes_one_of,
)
from assistant.llm.keeping import HoldsPatch, before_prompt, best_told, only, without
from assistant.llm.reading import (
    AT_ONCE,
    CANNOT,
    CLOSING,
    CONTRADICTS,
    DENIED,
    DENIES,
    WORD,
    as_read,
    denies_picture,
    denies_what_is_there,
    message_of,
    shown,
)
from assistant.llm.written import AGAIN
from captioner.world.scene import EXTRAS, HELD, WORLD_VERSION, WORN

if TYPE_CHECKING:
    from torch import Tensor

    from assistant.llm.copying import Copying

DEFAULT_WEIGHTS = Path(__file__).parent.parent / "weights"
BEGIN, PLAN_BEGIN, END = "<begin>", "<plan>", "<end>"
CONTEXT_TOKENS = 1_024
ANSWER_TOKENS = 320
TEMPERATURE = 0.7
ANSWERS, EDIT = ('{"act":"reply"', '{"act":"ask"'), '{"act":"edit","targets":["'
"""How plans in words begin, and one that changes a picture."""
DENIAL = '{"act":"reply","reply":"There is no '
WHICH = f'{{"act":"ask","reply":"{CONTRADICTS.rstrip()}'
RETURN = '{"act":"return","targets":["'
WHICH_OF = '{"act":"ask","targets":["'
REFUSES = '{"act":"refuse"'
ACT = '{"act":"'
OF_NO_PICTURE = tuple(f'{ACT}{act}"' for act in ("reply", "ask", "refuse", "describe", "create"))
REFUSES_FROM = 0.9
"""How sure it must be to refuse: nouns that it never saw it may take for the worse, and the policy has read the message
before it (`assistant.policy`). Figures in docs/results.md."""
SMALL_WORDS = {"a", "an", "the", "or", "style", "yet", "alone", *WORN, *HELD, *EXTRAS}
"""Words that a reply may name what it speaks of by beside those of the message, which may have slips of the fingers."""
BOTH_WORDS = {"and", "with", "without", "at", "once"}
"""The same of a question which of two values is meant."""
_CLOSED = re.compile(f"{CLOSING.pattern}|{DENIED.pattern}|{AT_ONCE.pattern}")
CANDIDATES = 64


class EmbeddedChatModel:
    """A `ChatModel` over a folder of weights; loads on first use, once, whichever thread asks first."""

    name = "embedded"

    def __init__(self, folder: Path = DEFAULT_WEIGHTS):
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._loaded: tuple[SmallLlama, Any, Copying] | None = None

    def load(self) -> None:
        """Load the weights now.

        Raises:
            ModelError: they are missing, damaged or of another world version.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.folder)

    def weights_hash(self) -> str:
        """Return the SHA-256 of the weights, for recipes and reports.

        Raises:
            ModelError: there are none.
        """
        file = self.folder / "model.safetensors"
        if not file.is_file():
            raise _missing(self.folder)
        return hashlib.sha256(file.read_bytes()).hexdigest()

    def stream(
        self, messages: Sequence[ChatMessage], schema: dict[str, Any] | None = None, seed: int | None = None
    ) -> Iterator[str]:
        """Yield the plan as it is written; `schema` is not needed, the model knows no other."""
        self.load()
        assert self._loaded is not None
        model, tokenizer, copying = self._loaded
        context = next((message.content for message in messages if message.role == "user"), "")
        begin, plan_begin, end = (tokenizer.token_to_id(token) for token in (BEGIN, PLAN_BEGIN, END))
        ids = tokenizer.encode(as_read(context), add_special_tokens=False).ids[-CONTEXT_TOKENS:]
        prompt = [begin, *ids, plan_begin]
        names = NamesFromMessage(context, tokenizer)

        of_pictures = [
            i for act, i in tokenizer.get_vocab().items() if act.startswith(ACT) and act not in OF_NO_PICTURE
        ]
        refusing = [token for token in [tokenizer.token_to_id(REFUSES)] if token is not None]

        def texts(begun: str, seed: int | None, of_picture: bool = False) -> Iterator[str]:
            answer = tokenizer.encode(begun, add_special_tokens=False).ids if begun else []
            rest = HoldsPatch(context, tokenizer)
            yield shown(begun, context)

            def held(answer: list[int], logits: Tensor) -> Tensor:
                if not answer:
                    if float(logits.softmax(-1)[refusing].sum()) < REFUSES_FROM:
                        logits = without(logits, refusing)
                    return only(logits, of_pictures) if of_picture else logits
                return names.held(answer, rest.held(answer, logits))

            for token in model.decode(prompt, answer[:], copying, end, ANSWER_TOKENS, seed, held):
                answer.append(token)
                yield shown(tokenizer.decode(answer, skip_special_tokens=False), context)

        def again(begun: str, number: int) -> str:
            *_, text = texts(begun, (seed or 0) * (AGAIN + 1) + number)
            return text

        said, alike = 0, called_alike(context)
        for begun in ("", EDIT):
            text = ""
            for text in texts(begun, seed):
                if not said and (instead := _instead(text, context, is_again=bool(begun))):
                    *_, text = texts(instead, seed)
                    break
                # An answer in words is kept until it is whole: it may deny what is there, and then is none.
                ready = "" if alike or (not said and is_astray(text, context)) else before_prompt(text)
                if len(ready) > said and not any(act.startswith(text[: len(act)]) for act in ANSWERS):
                    yield ready[said:]
                    said = len(ready)
            text = best_asked(text, context, lambda number: again(WHICH, number))
            if not denies_what_is_there(text, context) and not asks_needlessly(text, context):
                break
        if takes_one_of(text, alike):
            *_, text = texts(WHICH_OF, seed)
        if denies_picture(text, context):
            *_, text = texts("", seed, of_picture=True)
        text = best_told(text, context, again)
        if len(text) > said:
            yield text[said:]


def _instead(text: str, context: str, is_again: bool) -> str:
    """Return how the plan begins that takes the place of one which cannot be done; "" where it can, as far as is told.

    Args:
        is_again: it was written as an edit since a question which of two is meant had no two.
    """
    if missing := missing_in(text, context):
        return RETURN + missing  # whoever finds the picture says that there is none
    if stranger := stranger_in(text, context):
        return DENIAL + stranger
    return WHICH if contradicts_itself(text) and not is_again else ""


class NamesFromMessage:
    """Holds a reply that names what cannot be painted, is not there or contradicts itself to words of the message: a
    small model garbles rare names.

    Only between "I can't paint" and "yet", "There is no" and "in this picture", or "It can't be" and "at once";
    everywhere else the model says what it likes.
    """

    def __init__(self, context: str, tokenizer: Any):
        self.tokenizer = tokenizer
        self.words = {word.lower() for word in WORD.findall(message_of(context))} | SMALL_WORDS

    def held(self, answer: list[int], logits: Tensor) -> Tensor:
        """Return the logits (V,) without the tokens that would begin or end a word that the message lacks."""
        import torch

        said = self._named(answer)
        if said is None or _CLOSED.search(said[0]):
            return logits
        for number in (min(CANDIDATES, len(logits)), len(logits)):
            best = logits.topk(number).indices
            named = {token: self._named([*answer, token]) for token in best.tolist()}
            fitting = [token for token, said in named.items() if said is not None and self.fits(*said)]
            if fitting:
                fewer = torch.full_like(logits, -float("inf"))
                fewer[fitting] = logits[fitting]
                return fewer
        return logits

    def fits(self, named: str, words_too: Set[str] = frozenset()) -> bool:
        """Say whether all words are the message's or of `words_too`, and the last, if it may go on, begins one."""
        known = self.words | words_too
        if closing := _CLOSED.search(named):
            named = named[: closing.start()] + " "
        words = WORD.findall(named.lower())
        if words and named[-1:].isalnum():
            *words, last = words
            if not any(word.startswith(last) for word in known):
                return False
        return all(word in known for word in words)

    def _named(self, answer: list[int]) -> tuple[str, Set[str]] | None:
        """Return what the reply says after it says that it cannot, and which words it may use there; None before."""
        text: str = self.tokenizer.decode(answer, skip_special_tokens=False)
        for begun, words_too in ((CANNOT, frozenset[str]()), (CONTRADICTS, BOTH_WORDS)):
            _, found, said = text.rpartition(begun.rstrip())  # the next word brings its space along
            if found:
                return said, words_too
        denies = DENIES.match(text + " ")
        return (text[denies.end() - 1 :], frozenset()) if denies else None


class SmallLlama:
    """The forward pass of a Llama for one sequence, with a cache of keys and values."""

    def __init__(self, config: dict[str, Any], weights: dict[str, Tensor]):
        import torch

        self.heads: int = config["num_attention_heads"]
        self.epsilon: float = config["rms_norm_eps"]
        width: int = config["hidden_size"]
        self.head_width = width // self.heads
        if config.get("num_key_value_heads", self.heads) != self.heads:
            raise ModelError("the embedded rewriter needs as many key heads as heads.")
        take = {name.removeprefix("model."): value.float() for name, value in weights.items()}
        self.embedding = take["embed_tokens.weight"]
        self.norm = take["norm.weight"]
        self.layers = []
        for at in range(config["num_hidden_layers"]):
            own = {
                name.removeprefix(f"layers.{at}."): value
                for name, value in take.items()
                if name.startswith(f"layers.{at}.")
            }
            self.layers.append(
                (
                    own["input_layernorm.weight"],
                    torch.cat([own[f"self_attn.{part}_proj.weight"] for part in "qkv"]),
                    own["self_attn.o_proj.weight"],
                    own["post_attention_layernorm.weight"],
                    torch.cat([own["mlp.gate_proj.weight"], own["mlp.up_proj.weight"]]),
                    own["mlp.down_proj.weight"],
                )
            )
        parameters = config.get("rope_parameters") or config
        base = float(parameters.get("rope_theta", 10_000.0))
        rates = base ** (-torch.arange(0, self.head_width, 2).float() / self.head_width)
        angles = torch.arange(CONTEXT_TOKENS + ANSWER_TOKENS + 2).float()[:, None] * torch.cat([rates, rates])
        self.cos, self.sin = angles.cos(), angles.sin()

    def empty_cache(self, length: int) -> Tensor:
        """Return room for the keys and values of `length` tokens: (layers, 2, H, length, E)."""
        import torch

        return torch.empty(len(self.layers), 2, self.heads, length, self.head_width)

    def logits(self, tokens: Tensor, cache: Tensor, start: int) -> Tensor:
        """Return the logits (V,) after the last of `tokens` (L,), which follow `start` tokens in the cache.

        Several tokens at once are for the beginning only (`start` 0).
        """
        import torch.nn.functional as F
        from torch import cat

        length = len(tokens)
        end = start + length
        cos, sin = self.cos[start:end], self.sin[start:end]
        half = self.head_width // 2
        x = self.embedding[tokens]
        for (norm_in, qkv, out, norm_mlp, gate_up, down), kept in zip(self.layers, cache, strict=True):
            h = F.linear(F.rms_norm(x, norm_in.shape, norm_in, self.epsilon), qkv)
            q, k, v = h.view(length, 3, self.heads, self.head_width).permute(1, 2, 0, 3)  # each (H, L, E)
            q = q * cos + cat([-q[..., half:], q[..., :half]], -1) * sin
            kept[0, :, start:end] = k * cos + cat([-k[..., half:], k[..., :half]], -1) * sin
            kept[1, :, start:end] = v
            mixed = F.scaled_dot_product_attention(
                q[None], kept[None, 0, :, :end], kept[None, 1, :, :end], is_causal=length > 1
            )[0]
            x = x + F.linear(mixed.transpose(0, 1).reshape(length, -1), out)
            gate, up = F.linear(F.rms_norm(x, norm_mlp.shape, norm_mlp, self.epsilon), gate_up).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, down)
        return F.linear(F.rms_norm(x[-1], self.norm.shape, self.norm, self.epsilon), self.embedding)

    def decode(
        self, prompt: list[int], begun: list[int], copying: Copying, end: int, limit: int, seed: int | None,
        held: Callable[[list[int], Tensor], Tensor] = lambda answer, logits: logits,
    ) -> Iterator[int]:  # fmt: skip
        """Yield the tokens that follow a prompt and an answer begun until `end`: the likeliest, or drawn with a seed.

        `held` may take tokens away from the logits, by what was answered so far. The copying prior is part of the
        model, which was trained with it.
        """
        import numpy as np
        import torch

        from assistant.llm.copying import NOTHING

        generator = None if seed is None else torch.Generator().manual_seed(seed)
        cache = self.empty_cache(len(prompt) + len(begun) + limit)
        context, answer = np.array(prompt), list(begun)
        tokens, start = torch.tensor([*prompt, *begun]), 0
        for _ in range(limit):
            copied, bonus = copying.next(context, answer)
            with torch.inference_mode():
                logits = self.logits(tokens, cache, start)
                if copied != NOTHING:
                    logits[copied] += bonus
                logits = held(answer, logits)
                if generator is None:
                    token = int(logits.argmax())
                else:
                    token = int(torch.multinomial((logits / TEMPERATURE).softmax(-1), 1, generator=generator))
            if token == end:
                return
            yield token
            answer.append(token)
            start += len(tokens)
            tokens = torch.tensor([token])


def _load(folder: Path) -> tuple[SmallLlama, Any, Copying]:
    files = [folder / name for name in ("config.json", "model.safetensors", "tokenizer.json")]
    if not all(file.is_file() for file in files):
        raise _missing(folder)
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    from assistant.llm.copying import copying_of

    try:
        config = json.loads(files[0].read_text(encoding="utf-8"))
        version = config.get("limner_world_version")
    except (ValueError, AttributeError) as error:
        raise _damaged(folder, error) from error
    if version != WORLD_VERSION:
        raise ModelError(
            f"The rewriter's weights in {folder} are of picture world {version}, and this is {WORLD_VERSION}; "
            "take the weights of this version or train them with `limner train rewriter`."
        )
    try:
        weights = load_file(files[1])
        tokenizer = Tokenizer.from_file(str(files[2]))
        return SmallLlama(config, weights), tokenizer, copying_of(tokenizer)
    except ModelError:
        raise
    except Exception as error:  # tokenizers raises bare Exception for a file that it cannot read
        raise _damaged(folder, error) from error


def _missing(folder: Path) -> ModelError:
    return ModelError(
        f"The rewriter's weights are missing from {folder}; install limner anew or train them with "
        "`limner train rewriter`."
    )


def _damaged(folder: Path, error: Exception) -> ModelError:
    return ModelError(
        f"The rewriter's weights in {folder} are damaged ({type(error).__name__}); install limner anew or train them "
        "again."
    )
