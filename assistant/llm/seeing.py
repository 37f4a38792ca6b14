"""Chat models that see: which they are, and how pictures and words reach them without torchvision.

transformers' processors want torchvision for videos alone, and its absence breaks all of them that know videos. What is
read here takes pictures through PIL and has no part for videos. transformers comes in on first use.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

SIDE = 768
"""Pixels of a shown picture's longer side at most: enough to see what is where, and few enough to be read quickly."""
ALIKE = {"SmolVLMProcessor": "Idefics3Processor"}
"""Processors that want yet another package, for the words round videos, and what reads pictures just as they do."""


def shown(picture: bytes) -> bytes:
    """Return a picture's file as a PNG that is not larger than a language model needs it."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    image.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def may_see(config: dict[str, Any], folder: Path) -> bool:
    """Say whether a checkpoint is of a model that reads pictures beside words, and brings what prepares them."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

    prepared = any((folder / name).is_file() for name in ("preprocessor_config.json", "processor_config.json"))
    return prepared and config.get("model_type") in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES


def read_processor(folder: Path, config: dict[str, Any]) -> Any:
    """Return what prepares words and pictures for a model, from a folder of the hub's layout.

    Raises:
        OSError, ValueError: a file of it is missing or damaged.
    """
    import transformers
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES
    from transformers.processing_utils import ProcessorMixin

    name = PROCESSOR_MAPPING_NAMES[config["model_type"]]
    base = getattr(transformers, ALIKE.get(name, name))

    class WithoutVideos(base):  # type: ignore[misc, valid-type]
        """The model's own processor, less what is for videos."""

        def check_argument_for_proper_class(self, argument_name: str, argument: Any) -> Any:
            return None if argument is None else super().check_argument_for_proper_class(argument_name, argument)

        @classmethod
        def _get_arguments_from_pretrained(cls, source: Any, *_: Any, **given: Any) -> list[Any]:
            parts: dict[str, Any] = {
                "image_processor": transformers.AutoImageProcessor, "tokenizer": transformers.AutoTokenizer,
            }  # fmt: skip
            return [
                parts[part].from_pretrained(source, trust_remote_code=False) if part in parts else None
                for part in cls.get_attributes()
            ]

    # Some processors ask their video part for numbers while they write a template; theirs alone is not needed.
    WithoutVideos.apply_chat_template = ProcessorMixin.apply_chat_template
    return WithoutVideos.from_pretrained(folder)
