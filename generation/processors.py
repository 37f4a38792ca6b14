"""The processors of two vision models without torchvision, which transformers wants for them and pipelines do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer, Qwen2VLImageProcessorPil, Qwen2VLProcessor
from transformers.processing_utils import ProcessorMixin

PROCESSORS = ("Qwen2VLProcessor", "Qwen2_5_VLProcessor", "PixtralProcessor")
"""Qwen-Image-Edit's and Kandinsky 5's, which read words and pictures, and FLUX.2's, which reads words alone."""


class PictureProcessor(Qwen2VLProcessor):
    """Reads words and pictures, no videos: those are what needs torchvision."""

    def __init__(self, image_processor: Any = None, tokenizer: Any = None, chat_template: str | None = None):
        self.image_token, self.video_token = "<|image_pad|>", "<|video_pad|>"
        self.image_token_id = tokenizer.convert_tokens_to_ids(self.image_token)
        self.video_token_id = tokenizer.convert_tokens_to_ids(self.video_token)
        ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)


def read_processor(folder: Path, name: str) -> Any:
    """Return what stands in for a processor of a class in `PROCESSORS`, from a folder of the hub's layout.

    Raises:
        OSError: a file of it is missing.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder)
    template = folder / "chat_template.jinja"
    if template.is_file():
        tokenizer.chat_template = template.read_text("utf-8")
    if name == "PixtralProcessor":
        return tokenizer
    return PictureProcessor(_image_processor(folder), tokenizer, getattr(tokenizer, "chat_template", None))


def _image_processor(folder: Path) -> Any:
    """Return the image processor, whose settings newer checkpoints keep inside their processor's."""
    own = folder / "processor_config.json"
    if (folder / "preprocessor_config.json").is_file() or not own.is_file():
        return Qwen2VLImageProcessorPil.from_pretrained(folder)
    fields = json.loads(own.read_text("utf-8")).get("image_processor", {})
    return Qwen2VLImageProcessorPil.from_dict(fields)
