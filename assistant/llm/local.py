"""Any chat model of the hub, or a folder of one, through transformers and its own chat template.

Only safetensors are loaded and no code that comes with a model is run. torch and transformers come in on first use.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.llm.chat import ChatMessage
from captioner.errors import first_line

ANSWER_TOKENS = 800
TEMPERATURE = 0.7
FILES = ("*.json", "*.safetensors", "*.jinja", "*.txt", "*.model")
PICKLES = (".bin", ".pt", ".pth", ".ckpt")


class LocalChatModel:
    """A `ChatModel` over `AutoModelForCausalLM`; loads on first use, once, whichever thread asks first.

    Args:
        source: a folder, or OWNER/NAME on the hub.
        device: "cuda", "mps" or "cpu"; "" takes what there is.
    """

    def __init__(self, source: str, device: str = ""):
        self.name = source
        self._device = device
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def load(self) -> None:
        """Load the weights now, or not at all.

        Raises:
            ModelError: there is no such model, it cannot be trusted, is no chat model, or does not fit into memory.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = _read(self.name, self._device)

    def stream(
        self, messages: Sequence[ChatMessage], schema: dict[str, Any] | None = None, seed: int | None = None
    ) -> Iterator[str]:
        """Yield the answer as it is written. The schema is not enforced here: the system prompt says what is wanted,
        and what comes is validated.

        Raises:
            ModelError: as `load`, or the model failed.
        """
        self.load()
        assert self._loaded is not None
        model, tokenizer = self._loaded
        pieces: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        left = threading.Event()

        def work() -> None:
            try:
                with self._lock:
                    _generate(model, tokenizer, messages, seed, pieces, left)
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
    model: Any, tokenizer: Any, messages: Sequence[ChatMessage], seed: int | None,
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

    given = _read_by(tokenizer, messages).to(model.device)
    sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    if seed is not None:
        sampling = {"do_sample": True, "temperature": TEMPERATURE}
    with torch.random.fork_rng(), torch.inference_mode():  # `generate` draws from the global generator alone
        torch.manual_seed(seed or 0)
        model.generate(
            **given, **sampling, max_new_tokens=ANSWER_TOKENS, stopping_criteria=[Listeners()],
            streamer=Pieces(tokenizer, skip_prompt=True, skip_special_tokens=True),
            pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
        )  # fmt: skip


def _read_by(tokenizer: Any, messages: Sequence[ChatMessage]) -> Any:
    """Return the messages as the model's own template writes them; where it knows no system role, it is said first."""
    from jinja2 import TemplateError

    spoken = [{"role": message.role, "content": message.content} for message in messages]
    given: dict[str, Any] = {"add_generation_prompt": True, "return_tensors": "pt", "return_dict": True}
    try:
        return tokenizer.apply_chat_template(spoken, **given)
    except TemplateError:
        if len(spoken) < 2 or spoken[0]["role"] != "system":
            raise
        first = {"role": "user", "content": f"{spoken[0]['content']}\n\n{spoken[1]['content']}"}
        return tokenizer.apply_chat_template([first, *spoken[2:]], **given)


def _read(source: str, device: str) -> tuple[Any, Any]:
    folder = Path(source) if Path(source).is_dir() else _fetched(source)
    _check(folder, source)
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    device = device or ("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        if not getattr(tokenizer, "chat_template", None):
            raise ModelError(
                f"{source} has no chat template, so it is no chat model; choose one that was taught to follow "
                "instructions."
            )
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, use_safetensors=True, trust_remote_code=False)
        return model.to(device).eval(), tokenizer
    except ModelError:
        raise
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise ModelError(
            f"There is too little memory for the rewriter {source}; choose a smaller one, or serve it elsewhere and "
            "give --rewriter MODEL@URL."
        ) from error
    except Exception as error:  # the loaders raise a dozen types; each means the same to a person
        raise ModelError(
            f"The rewriter {source} could not be loaded ({first_line(error)}); give --rewriter a chat model's folder, "
            "its name on the hub, or MODEL@URL."
        ) from error


def _check(folder: Path, source: str) -> None:
    """Raises: ModelError: it is no model, needs code of its own, or holds pickles."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
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


def _fetched(source: str) -> Path:
    """Return the folder of a model of the hub, downloaded if it is not there yet."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(source, allow_patterns=list(FILES)))
    except GatedRepoError as error:
        raise ModelError(
            f"{source} wants its terms accepted first: do so on https://huggingface.co/{source}, then set HF_TOKEN."
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise ModelError(
            f"There is no model {source!r} on the hub, or it is private; check the name, or set HF_TOKEN."
        ) from error
    except Exception as error:  # no network comes in many types
        raise ModelError(
            f"The rewriter {source} is not on this machine, and the hub cannot be reached ({type(error).__name__}); "
            "go online once to download it, or give --rewriter a folder."
        ) from error
