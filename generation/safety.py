"""Any image classifier of transformers, from a folder or the hub: how likely pictures are of which of its kinds.

Only safetensors are loaded and no code that comes with a model is run. torch and transformers come in on first use.

Dimensions: B pictures, K kinds.
"""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from captioner.errors import first_line
from generation.checkpoints import PICKLES
from generation.errors import PictureError, WeightsError
from generation.hub import fetched_model

LOG = logging.getLogger(__name__)
FILES = ("*.json", "*.safetensors")
OPTION = "LIMNER_SAFETY_MODEL"
BATCH = 8


@dataclass(frozen=True)
class _Loaded:
    model: Any
    processor: Any
    labels: tuple[str, ...]
    has_one_each: bool


class ImageClassifier:
    """An image classifier; loads on first use, once, whichever thread asks first.

    Args:
        source: a folder, or OWNER/NAME on the hub.
        device: "cpu", "cuda" or "mps"; "auto" takes the quickest that is there.
    """

    def __init__(self, source: str, device: str = "auto"):
        self.name = Path(source).name if Path(source).is_dir() else source
        self._source = source
        self._device = device
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def labels(self) -> tuple[str, ...]:
        """Return the kinds that it knows, in the order of its outputs.

        Raises:
            WeightsError: there is no such model, it cannot be trusted, is no image classifier, or finds no room.
        """
        return self._ready().labels

    def has_one_each(self) -> bool:
        """Say whether it puts each picture into one kind, so that its scores sum up to 1. Raises: as `labels`."""
        return self._ready().has_one_each

    def scores(self, pictures: Sequence[bytes]) -> list[dict[str, float]]:
        """Return how likely each picture's file is of each kind, 0 to 1.

        Raises:
            WeightsError: as `labels`.
            PictureError: a picture cannot be read, or the model failed.
        """
        import torch

        loaded = self._ready()
        found: list[dict[str, float]] = []
        try:
            for start in range(0, len(pictures), BATCH):
                images = [_read_picture(picture) for picture in pictures[start : start + BATCH]]
                with self._lock, torch.inference_mode():
                    pixels = loaded.processor(images=images, return_tensors="pt")["pixel_values"]
                    model = loaded.model
                    logits = model(pixel_values=pixels.to(model.device, model.dtype)).logits.float()  # (B, K)
                likely = logits.softmax(-1) if loaded.has_one_each else logits.sigmoid()
                found += [dict(zip(loaded.labels, row, strict=True)) for row in likely.tolist()]
        except PictureError:
            raise
        except Exception as error:  # a model of anybody's making; whatever it raises, no picture was looked at
            raise PictureError(
                f"The safety model {self.name} failed ({first_line(error)}); try again, or choose another for {OPTION}."
            ) from error
        return found

    def _ready(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _read(self._source, self._device)
            return self._loaded


def _read_picture(picture: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            return opened.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureError("A picture to look at cannot be read; send a whole PNG, JPEG or WebP file.") from error


def _read(source: str, device: str) -> _Loaded:
    """Return a classifier on its device, in the precision that it takes. Raises: WeightsError."""
    folder = Path(source) if Path(source).is_dir() else fetched_model(source, FILES, OPTION)
    _check(folder, source)
    import torch
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    device = _device(device)
    try:
        processor = AutoImageProcessor.from_pretrained(folder, trust_remote_code=False)
        model, told = AutoModelForImageClassification.from_pretrained(
            folder, use_safetensors=True, trust_remote_code=False, output_loading_info=True,
            dtype=torch.float32 if device == "cpu" else torch.float16,
        )  # fmt: skip
        if told["missing_keys"] or told.get("mismatched_keys"):
            # transformers fills what is missing with chance, and chance must not decide what is shown.
            first = sorted(str(key) for key in (told["missing_keys"] or told["mismatched_keys"]))[0]
            raise WeightsError(
                f"The safety model {source} lacks weights that classify pictures ({first}); choose one that was "
                f"trained to classify for {OPTION}."
            )
        model = model.eval().requires_grad_(False).to(device)
    except WeightsError:
        raise
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise WeightsError(
            f"There is too little memory for the safety model {source} on {device}; set LIMNER_SAFETY_DEVICE to cpu, "
            "or choose a smaller one."
        ) from error
    except Exception as error:  # the loaders raise a dozen types; each means the same to a person
        raise WeightsError(
            f"The safety model {source} could not be loaded ({first_line(error)}); give {OPTION} an image classifier's "
            "folder or its name on the hub."
        ) from error
    config = model.config
    labels = tuple(str(config.id2label[at]) for at in range(config.num_labels))
    one_each = config.problem_type != "multi_label_classification" and len(labels) > 1
    LOG.info("The safety model %s is on %s; it tells %s.", source, device, ", ".join(labels[:20]))
    return _Loaded(model, processor, labels, one_each)


def _device(device: str) -> str:
    import torch

    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if there[name])
    if not there[device]:
        raise WeightsError(
            f"There is no {device} device on this machine; leave LIMNER_SAFETY_DEVICE out, or set it to "
            f"{' or '.join(name for name, is_there in there.items() if is_there)}."
        )
    return device


def _check(folder: Path, source: str) -> None:
    """Raises: WeightsError: a folder holds no image classifier, one that needs code of its own, or pickles."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES

    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        kind, needs_code = config.get("model_type"), bool(config.get("auto_map"))
    except (OSError, ValueError, AttributeError) as error:
        raise WeightsError(
            f"{source} is no image classifier: its config.json is missing or damaged; give {OPTION} a classifier's "
            "folder or its name on the hub."
        ) from error
    if needs_code and kind not in CONFIG_MAPPING_NAMES:
        raise WeightsError(
            f"{source} comes with code of its own, which Limner does not run (there is no trust_remote_code here); "
            "choose a model that transformers knows."
        )
    made_as = config.get("architectures") or ["ForImageClassification"]
    if kind not in MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES or not any("Classif" in str(name) for name in made_as):
        raise WeightsError(
            f"{source} is no image classifier of transformers but {made_as[0] if 'architectures' in config else kind}; "
            f"choose one for {OPTION} whose card says image-classification."
        )
    names = sorted(file.name for file in folder.iterdir())
    if not any(name.endswith(".safetensors") for name in names):
        pickled = next((name for name in names if name.endswith(PICKLES)), None)
        held = f"only a pickle file ({pickled}), which can run any code when it is opened" if pickled else "none"
        raise WeightsError(
            f"The safety model {source} has no safetensors weights, {held}; choose a model that has them."
        )
