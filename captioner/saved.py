"""A saved captioner, of whichever build, from its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from captioner.errors import WeightsError
from captioner.models.coca import CocaConfig, CocaModel
from captioner.models.prefix import AnyCoca, PrefixCaptioner, PrefixConfig
from captioner.packing import load_model


def load_coca(folder: Path, dtype: torch.dtype = torch.float32) -> AnyCoca:
    """Return a saved captioner, of our own text halves or round a language model.

    Raises:
        WeightsError: the folder holds a model of another architecture, or lacks a weight.
        OSError, ValueError, RuntimeError, SafetensorError: as the loaders do.
    """
    about = json.loads((folder / "config.json").read_text())
    kinds: dict[str, Any] = {CocaConfig.model_type: CocaModel, PrefixConfig.model_type: PrefixCaptioner}
    if about.get("model_type") not in kinds:
        kind = about.get("model_type") or about.get("_class_name") or "nameless"
        raise WeightsError(
            f"{folder} holds a {kind} model, not a captioner of Limner's; give the folder that "
            "`limner train captioner` saved."
        )
    model: AnyCoca = load_model(kinds[about["model_type"]], folder, dtype)
    return model
