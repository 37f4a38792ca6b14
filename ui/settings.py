"""The settings, and the only reader of the environment. Knows no models and opens nothing."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ui.errors import SettingsError


def user_data_folder() -> Path:
    """Return where this platform keeps a person's data."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "limner"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "limner"


class Settings(BaseSettings):
    """Everything that can be set: by an option, or by a variable of the same name that begins with LIMNER_.

    Attributes:
        data: the folder that keeps conversations and pictures.
        painter, rewriter, captioner: which models; "embedded" means the ones in this package. A painter may be a
            diffusers pipeline's folder or its name on the hub, a rewriter a chat model's folder or its name there, or
            MODEL@URL of one behind OpenAI's protocol. The captioner may be "none": then nobody describes pictures.
        painter_dtype, painter_offload, painter_attention, painter_tiling: how a pipeline is put on the device; "auto"
            chooses by the memory that is found (`generation.placement`).
        painter_loras: LoRAs by name, such as "watercolour:0.8, faces".
        loras: the folder that keeps LoRA files; None for `loras` in the data folder.
        rewriter_timeout: seconds that a rewriter's service may be silent.
        rewriter_key: what the rewriter's service wants to be sent as a bearer token.
        threads: how many CPU threads the models use; 0 takes all there are.
        host, port: where `limner serve` listens.
    """

    model_config = SettingsConfigDict(env_prefix="LIMNER_", extra="ignore", frozen=True)

    data: Path = Field(default_factory=user_data_folder)
    painter: str = "embedded"
    rewriter: str = "embedded"
    captioner: str = "embedded"
    painter_dtype: str = "auto"
    painter_offload: str = "auto"
    painter_attention: str = "auto"
    painter_tiling: str = "auto"
    painter_loras: str = ""
    loras: Path | None = None
    rewriter_key: SecretStr = SecretStr("")
    rewriter_timeout: float = Field(default=120, gt=0, le=3600)
    threads: int = Field(default=0, ge=0, le=1024)
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)


def load_settings(**given: Any) -> Settings:
    """Return the settings: what is given and not None, else the environment, else the defaults.

    Raises:
        SettingsError: a value cannot be used; the sentence names it.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        why = first["msg"][0].lower() + first["msg"][1:]
        raise SettingsError(
            f"The setting {name!r} cannot be {str(first.get('input'))[:80]!r}: {why}; "
            f"change --{name} or LIMNER_{name.upper()}."
        ) from None


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_host(host: str) -> str:
    """Return the address if the page may listen on it.

    Raises:
        SettingsError: other machines could reach it, and nobody would have to sign in.
    """
    if not is_loopback(host):
        raise SettingsError(
            f"Listening on {host!r} would let others in without signing in, which the page cannot ask for yet; "
            f"leave --host at 127.0.0.1 and reach it through an SSH tunnel, or serve programs only (--api-only)."
        )
    return host


def check_api_host(host: str, has_keys: bool) -> str:
    """Return the address if the API alone may listen on it.

    Raises:
        SettingsError: other machines could reach it, and there is no key that they would need.
    """
    if not is_loopback(host) and not has_keys:
        raise SettingsError(
            f"Listening on {host!r} lets other machines in, and there is no key yet that they would need; make one "
            "with `limner keys add NAME` first."
        )
    return host


def prepare_environment(threads: int) -> None:
    """Set what third-party libraries read from the environment when they are imported; call it before they are.

    Nothing here reports to anyone or looks for updates.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)
