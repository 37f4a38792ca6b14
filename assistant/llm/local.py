"""Any chat model of the hub, or a folder of one, through transformers and its own chat template.

Only safetensors are loaded and no code that comes with a model is run. torch and transformers come in on first use.
Models that read pictures are shown them; see `assistant.llm.seeing`.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from assistant.errors import ModelError
from assistant.llm.chat import ChatMessage
from assistant.llm.seeing import may_see, read_processor
from captioner.errors import first_line

LOG = logging.getLogger(__name__)
ANSWER_TOKENS = 800
TEMPERATURE = 0.7
TALK_BYTES = 1_000_000_000
"""What a conversation of a few thousand tokens takes beside the weights: a rule of thumb."""
FILES = ("*.json", "*.safetensors", "*.jinja", "*.txt", "*.model")
PICKLES = (".bin", ".pt", ".pth", ".ckpt")


class Sharing(Protocol):
    """Decides when this model may be on a device that another one uses as well."""

    def join(self, name: str, needed: int, come: Callable[[], object], leave: Callable[[], object]) -> None:
        """Take the model in; it needs so many bytes there. Raises: GenerationError: it cannot be there at all."""
        ...

    def working(self, name: str) -> AbstractContextManager[None]:
        """Have the model on the device for as long as this is open."""
        ...


@dataclass(frozen=True)
class _Loaded:
    """`reader` writes messages as tokens: the tokenizer, or the processor of a model that sees."""

    model: Any
    tokenizer: Any
    reader: Any
    sees: bool


class LocalChatModel:
    """A chat model of transformers that may see; loads on first use, once, whichever thread asks first.

    Args:
        source: a folder, or OWNER/NAME on the hub.
        device: "cuda", "mps" or "cpu"; "" takes what there is.
        sharing: says when the model may be on its device; None leaves it there.
    """

    def __init__(self, source: str, device: str = "", sharing: Sharing | None = None):
        self.name = source
        self._device = device
        self._sharing = sharing
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def load(self) -> None:
        """Load the weights now, or not at all.

        Raises:
            ModelError: there is no such model, it cannot be trusted, is no chat model, or does not fit into memory.
        """
        self._ready()

    def sees(self) -> bool:
        """Say whether the model reads pictures. Raises: ModelError: as `load`."""
        return self._ready().sees

    @property
    def module(self) -> Any:
        """The model itself, a torch module. Raises: ModelError: as `load`."""
        return self._ready().model

    def _ready(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                device = self._device or _best_device()
                loaded = _read(self.name, device)
                self._put(loaded.model, device)
                self._loaded = loaded
            return self._loaded

    def _put(self, model: Any, device: str) -> None:
        """Put the model on its device, or have it put there whenever it works."""
        from generation.errors import GenerationError

        try:
            if self._sharing is None:
                model.to(device)
                return
            weights = sum(part.numel() * part.element_size() for part in model.parameters())
            self._sharing.join(self.name, weights + TALK_BYTES, lambda: model.to(device), lambda: model.to("cpu"))
        except GenerationError as error:
            raise ModelError(str(error)) from error
        except RuntimeError as error:  # torch.OutOfMemoryError is one
            raise _too_little(self.name) from error

    def stream(
        self, messages: Sequence[ChatMessage], schema: dict[str, Any] | None = None, seed: int | None = None
    ) -> Iterator[str]:
        """Yield the answer as it is written. The schema is not enforced here: the system prompt says what is wanted,
        and what comes is validated.

        Raises:
            ModelError: as `load`, or the model failed.
        """
        loaded = self._ready()
        pieces: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        left = threading.Event()

        def work() -> None:
            try:
                seat = self._sharing.working(self.name) if self._sharing else contextlib.nullcontext()
                with self._lock, seat:
                    _generate(loaded, messages, seed, pieces, left)
                pieces.put(None)
            except BaseException as error:  # carried over to whoever listens
                pieces.put(error)

        # `generate` hands its words to a streamer and cannot be waited for word by word, so it runs beside this.
        threading.Thread(target=work, name="limner-chat-model", daemon=True).start()
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, BaseException):
                    raise ModelError(
                        f"The rewriter {self.name} failed ({first_line(piece)}); send the message again, or leave "
                        "--rewriter out for the embedded one."
                    ) from piece
                yield piece
        finally:
            left.set()


def _generate(
    loaded: _Loaded, messages: Sequence[ChatMessage], seed: int | None,
    pieces: queue.SimpleQueue[str | BaseException | None], left: threading.Event,
) -> None:  # fmt: skip
    """Answer into a queue; decodes greedily, or samples with a seed."""
    import torch
    from transformers import StoppingCriteria, TextStreamer

    class Listeners(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **given: Any) -> Any:
            return torch.full((len(input_ids),), left.is_set(), device=input_ids.device)

    class Pieces(TextStreamer):
        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
            if text:
                pieces.put(text)

    model, tokenizer = loaded.model, loaded.tokenizer
    given = _read_by(loaded.reader, messages, loaded.sees).to(model.device)
    given = {name: part.to(model.dtype) if part.is_floating_point() else part for name, part in given.items()}
    sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    if seed is not None:
        sampling = {"do_sample": True, "temperature": TEMPERATURE}
    with torch.random.fork_rng():  # `generate` draws from the global generator alone
        torch.manual_seed(seed or 0)
        model.generate(
            **given, **sampling, max_new_tokens=ANSWER_TOKENS, stopping_criteria=[Listeners()],
            streamer=Pieces(tokenizer, skip_prompt=True, skip_special_tokens=True),
            pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
        )  # fmt: skip


def _read_by(reader: Any, messages: Sequence[ChatMessage], sees: bool = False) -> Any:
    """Return the messages as the model's own template writes them; where it knows no system role, it is said first."""
    from jinja2 import TemplateError

    given: dict[str, Any] = {
        "add_generation_prompt": True, "tokenize": True, "return_tensors": "pt", "return_dict": True,
    }  # fmt: skip
    try:
        return reader.apply_chat_template(_spoken(messages, sees), **given)
    except TemplateError:
        if len(messages) < 2 or messages[0].role != "system":
            raise
        words = f"{messages[0].content}\n\n{messages[1].content}"
        first = ChatMessage("user", words, messages[1].pictures)
        return reader.apply_chat_template(_spoken([first, *messages[2:]], sees), **given)


def _spoken(messages: Sequence[ChatMessage], sees: bool) -> list[dict[str, Any]]:
    """Return the messages as templates read them: with a list of parts for models that see."""
    if not sees:
        return [{"role": message.role, "content": message.content} for message in messages]
    return [
        {
            "role": message.role,
            "content": [
                *({"type": "image", "image": Image.open(io.BytesIO(picture))} for picture in message.pictures),
                {"type": "text", "text": message.content},
            ],
        }
        for message in messages
    ]


def _best_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def _read(source: str, device: str) -> _Loaded:
    """Return the model in main memory, in the precision that its device takes."""
    folder = Path(source) if Path(source).is_dir() else _fetched(source)
    config = _checked(folder, source)
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText, AutoTokenizer

    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    given: dict[str, Any] = {"dtype": dtype, "use_safetensors": True, "trust_remote_code": False}
    try:
        reader = read_processor(folder, config) if may_see(config, folder) else None
        tokenizer = reader.tokenizer if reader else AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        if not getattr(reader or tokenizer, "chat_template", None):
            raise ModelError(
                f"{source} has no chat template, so it is no chat model; choose one that was taught to follow "
                "instructions."
            )
        kind = AutoModelForImageTextToText if reader else AutoModelForCausalLM
        model = kind.from_pretrained(folder, **given).eval()
        return _Loaded(model, tokenizer, reader or tokenizer, sees=reader is not None)
    except ModelError:
        raise
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise _too_little(source) from error
    except Exception as error:  # the loaders raise a dozen types; each means the same to a person
        raise ModelError(
            f"The rewriter {source} could not be loaded ({first_line(error)}); give --rewriter a chat model's folder, "
            "its name on the hub, or MODEL@URL."
        ) from error


def _too_little(source: str) -> ModelError:
    return ModelError(
        f"There is too little memory for the rewriter {source}; choose a smaller one, or serve it elsewhere and "
        "give --rewriter MODEL@URL."
    )


def _checked(folder: Path, source: str) -> dict[str, Any]:
    """Return a model's configuration. Raises: ModelError: it is none, needs code of its own, or holds pickles."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        needs_code = bool(config.get("auto_map"))
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(
            f"{source} is no language model: its config.json is missing or damaged; give --rewriter a chat model's "
            "folder, its name on the hub, or MODEL@URL."
        ) from error
    if needs_code:
        from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

        if config.get("model_type") not in CONFIG_MAPPING_NAMES:
            raise ModelError(
                f"{source} comes with code of its own, which Limner does not run (there is no trust_remote_code "
                "here); choose a model that transformers knows."
            )
    names = [file.name for file in folder.iterdir()]
    pickles = sorted(name for name in names if name.endswith(PICKLES))
    if not any(name.endswith(".safetensors") for name in names):
        held = f"only pickle files ({pickles[0]}), which can run any code when they are opened" if pickles else "none"
        raise ModelError(f"The rewriter {source} has no safetensors weights, {held}; choose a model that has them.")
    return config


def _fetched(source: str) -> Path:
    """Return the folder of a model of the hub, downloaded if it is not there yet. Raises: ModelError."""
    from generation.errors import WeightsError
    from generation.hub import fetched_chat_model

    try:
        return fetched_chat_model(source, FILES)
    except WeightsError as error:
        raise ModelError(str(error)) from error
