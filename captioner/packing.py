"""Weights in eight bits: the rows of large matrices as whole numbers with one scale each, all else in half precision.

Half the bytes of half precision, for weights that a repository carries. A row's error is at most half its scale, which
is its largest entry over 127. Models are unpacked as they load; nothing computes in eight bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from captioner.errors import WeightsError

PACKED = "packed.safetensors"
SMALLEST = 4_096
"""Tensors of fewer entries are kept in half precision: they are few bytes, and often norms and biases."""
NUMBERS, SCALES = ".int8", ".scale"
Model = Any
"""A diffusers or a transformers model; the two share no base class but nn.Module."""


def packed(state: Mapping[str, Tensor], exact: tuple[str, ...] = ()) -> dict[str, Tensor]:
    """Return the tensors to store for a model's state.

    Args:
        exact: fragments of the names of tensors that keep their own precision.
    """
    stored: dict[str, Tensor] = {}
    for name, value in state.items():
        if any(fragment in name for fragment in exact) or not value.is_floating_point():
            stored[name] = value.contiguous()
        elif value.ndim < 2 or value.numel() < SMALLEST:
            stored[name] = value.half().contiguous()
        else:
            rows = value.float().flatten(1)
            scale = (rows.abs().amax(1, keepdim=True) / 127).clamp(min=torch.finfo(torch.float32).tiny)
            stored[name + NUMBERS] = (rows / scale).round().to(torch.int8).view(value.shape).contiguous()
            stored[name + SCALES] = scale[:, 0].contiguous()
    return stored


def unpacked(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the state, in single precision, that stored tensors stand for."""
    state: dict[str, Tensor] = {}
    for name, value in stored.items():
        if name.endswith(NUMBERS):
            own = name.removesuffix(NUMBERS)
            scale = stored[own + SCALES]
            state[own] = value.float() * scale.view(-1, *[1] * (value.ndim - 1))
        elif not name.endswith(SCALES):
            state[name] = value.float() if value.is_floating_point() else value
    return state


def save_packed(model: Model, folder: Path, exact: tuple[str, ...] = ()) -> None:
    """Write a model's configuration and its packed weights into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if hasattr(model, "save_config"):  # diffusers
        model.save_config(folder)
    else:
        model.config.save_pretrained(folder)
    save_file(packed(model.state_dict(), exact), folder / PACKED, metadata={"format": "pt"})


def load_model(
    kind: type[Model], folder: Path, dtype: torch.dtype = torch.float32, exact: tuple[str, ...] = (), **options: Any
) -> Model:
    """Return a model from a folder of packed weights, or from an ordinary one.

    Args:
        exact: fragments of the names of buffers that stay in single precision, whatever `dtype` is.
        options: for the model's configuration (`attn_implementation`).

    Raises:
        WeightsError: the folder lacks a weight.
        OSError, ValueError, RuntimeError, SafetensorError: as the loaders do.
    """
    if not (folder / PACKED).exists():
        model, found = kind.from_pretrained(folder, output_loading_info=True, **options)
        if found["missing_keys"]:  # the loaders fill these with whatever memory holds, and only warn
            raise WeightsError(
                f"the weights in {folder} lack {', '.join(sorted(found['missing_keys'])[:3])}; train them again."
            )
    elif hasattr(kind, "load_config"):  # diffusers
        model = kind.from_config(kind.load_config(folder, local_files_only=True))
    else:
        model = kind(kind.config_class.from_pretrained(folder, local_files_only=True, **options))
    if (folder / PACKED).exists():
        model.load_state_dict(unpacked(load_file(folder / PACKED)))
    kept = {name: value.float() for name, value in model.named_buffers() if any(part in name for part in exact)}
    nn.Module.to(model, dtype)  # diffusers' own `to` warns of what does not concern us
    for name, value in kept.items():
        owner, _, own = name.rpartition(".")
        setattr(model.get_submodule(owner), own, value)
    return model.eval()
