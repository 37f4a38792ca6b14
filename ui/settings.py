"""The settings, and the only reader of the environment. Knows no models and opens nothing."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
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
            diffusers pipeline's folder or its name on the hub, a rewriter MODEL@URL of a chat model behind OpenAI's
            protocol. The captioner may be "none": then nobody describes pictures or checks them.
        tries: how many pictures are painted at most, one after the other with other seeds, to get one in which nothing
            of the prompt is missing; 1 only says what is missing, 0 does not look.
        try_seconds: how long looking at a picture and painting it again may take.
        rewriter_key: what the rewriter's service wants to be sent as a bearer token.
        threads: how many CPU threads the models use; 0 takes all there are.
        certificate, certificate_key: PEM files, the chain and its key, to sign pictures with in place of what is made
            in the data folder.
        host, port: where `limner serve` listens.
        auth: whether people sign in to the page with a name and a password even on this machine's own address; on any
            other address they always do.
        proxy_header: the header in which a proxy before us names who has signed in there, by OpenID Connect for
            example; then nobody signs in here.
        proxies: the addresses or networks, with commas between, that may send that header.
    """

    model_config = SettingsConfigDict(env_prefix="LIMNER_", extra="ignore", frozen=True)

    data: Path = Field(default_factory=user_data_folder)
    painter: str = "embedded"
    rewriter: str = "embedded"
    captioner: str = "embedded"
    rewriter_key: SecretStr = SecretStr("")
    tries: int = Field(default=4, ge=0, le=8)
    try_seconds: float = Field(default=1.5, ge=0, le=3600)
    certificate: Path | None = None
    certificate_key: Path | None = None
    threads: int = Field(default=0, ge=0, le=1024)
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    auth: bool = False
    proxy_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,100}$")
    proxies: str = "127.0.0.1,::1"

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, proxies: str) -> str:
        for one in proxies.split(","):
            ipaddress.ip_network(one.strip(), strict=False)
        return proxies

    @property
    def needs_sign_in(self) -> bool:
        """Whether it must be known who is asking."""
        return self.auth or bool(self.proxy_header) or not is_loopback(self.host)


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


def check_sign_in(settings: Settings, has_users: bool) -> None:
    """Raises: SettingsError: people would have to sign in to the page, and nobody can."""
    if not settings.needs_sign_in or settings.proxy_header or has_users:
        return
    why = "--auth asks people to sign in" if is_loopback(settings.host) else f"{settings.host!r} lets other machines in"
    raise SettingsError(
        f"{why}, and there is nobody yet who could sign in; add people with `limner users add NAME` first."
    )


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
