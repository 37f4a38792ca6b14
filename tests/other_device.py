"""A device of torch's that is not the CPU and that every machine has: "other".

Its tensors keep their values on the CPU, but torch takes them for another device's, and an operation that is given a
tensor of the CPU's beside one of these fails as it would on a GPU. So what runs here from end to end moves all that it
should. Built on torch's hooks for devices written in Python (`torch.utils.backend_registration`); its autocast changes
no types.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from accelerate import PartialState
from torch.utils._pytree import tree_flatten, tree_map
from torch.utils.backend_registration import _DummyBackendModule, _setup_privateuseone_for_python_backend

NAME = "other"
aten = torch.ops.aten
MOVING = {aten.copy_.default, aten._to_copy.default}
"""These take tensors of two devices."""
INDEXED = {aten.index.Tensor, aten.index_put.default, aten.index_put_.default}
"""These take indices of the CPU's, on a GPU as well."""


FACTORIES = (
    "empty.memory_format", "empty_strided", "arange", "arange.start", "arange.start_step", "full", "scalar_tensor",
)  # fmt: skip


class OtherTensor(torch.Tensor):
    """A tensor that torch sees on the device "other"; `held` has its values."""

    held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> OtherTensor:
        made = torch.Tensor._make_wrapper_subclass(
            cls, held.shape, strides=held.stride(), storage_offset=held.storage_offset(), dtype=held.dtype,
            device=torch.device(NAME, 0),
        )  # fmt: skip
        made.held = held
        return made

    def __repr__(self, **_: Any) -> str:
        return f"OtherTensor({self.held})"

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        strangers = [x for x in tree_flatten((args, kwargs))[0] if isinstance(x, torch.Tensor) and type(x) is not cls]
        allowed = func in MOVING or func in INDEXED
        if not allowed and any(x.ndim for x in strangers):
            raise RuntimeError(f"{func} was given tensors of the devices other and cpu")
        to_cpu = "device" in kwargs and torch.device(kwargs["device"]).type == "cpu"
        if kwargs.get("device") is not None:
            kwargs["device"] = torch.device("cpu")
        held = func(*tree_map(_held, args), **tree_map(_held, kwargs))
        if to_cpu:
            return held
        if (
            func._schema.name.split("::")[1].endswith("_") or "out" in kwargs
        ):  # in place: the very tensor that was given
            return kwargs.get("out", args[0]) if held is not None else None
        return tree_map(lambda x: cls(x) if isinstance(x, torch.Tensor) else x, held)


def _held(x: Any) -> Any:
    return x.held if isinstance(x, OtherTensor) else x


def _made(func: Any, *args: Any, **kwargs: Any) -> OtherTensor:
    """Make a tensor from no other, as `torch.zeros` does; all else goes by `OtherTensor`."""
    return OtherTensor(func(*args, **(kwargs | {"device": torch.device("cpu")})))


def _copied(source: torch.Tensor, target: torch.Tensor, non_blocking: bool = False) -> torch.Tensor:
    """Copy between devices, for `torch.tensor`, which does not ask `OtherTensor`."""
    _held(target).copy_(_held(source))
    return target


class _Module(_DummyBackendModule):
    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.bfloat16]

    def set_device(self, device: Any) -> None:
        pass

    def get_rng_state(self, device: Any = None) -> torch.Tensor:
        return torch.get_rng_state()

    def set_rng_state(self, state: torch.Tensor, device: Any = None) -> None:
        torch.set_rng_state(state)


_library: list[torch.library.Library] = []


def _register() -> None:
    """Tell torch of the device, once in a process: it cannot be taken back."""
    if _library:
        return
    _setup_privateuseone_for_python_backend(NAME, _Module())
    library = torch.library.Library("aten", "IMPL")
    for name in FACTORIES:
        base, _, overload = name.partition(".")
        library.impl(name, functools.partial(_made, getattr(getattr(aten, base), overload or "default")), "PrivateUse1")
    library.impl("_copy_from", _copied, "PrivateUse1")
    autocast = torch.library.Library("_", "IMPL", "AutocastPrivateUse1")
    autocast.fallback(torch.library.fallthrough_kernel)
    _library.extend((library, autocast))


@contextmanager
def training_on_other_device() -> Iterator[torch.device]:
    """While this is open all that trains does so on "other"."""
    _register()
    state = PartialState(cpu=True)
    before = state.device
    state.device = torch.device(NAME, 0)
    try:
        yield state.device
    finally:
        state.device = before
