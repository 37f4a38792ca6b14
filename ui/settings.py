"""The settings, and the only reader of the environment. Knows no models and opens nothing."""

from __future__ import annotations

import ipaddress
import itertools
import os
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from ui.errors import SettingsError

FILE = "limner.toml"
FLAGS: ContextVar[Mapping[str, str]] = ContextVar("flags", default=MappingProxyType({}))
"""What `limner --set` and `--config` gave, for this run of the command."""


def user_data_folder() -> Path:
    """Return where this platform keeps a person's data."""
    return _user_folder("XDG_DATA_HOME", Path(".local", "share"))


def config_file() -> tuple[Path, bool]:
    """Return the file of settings, and whether somebody named it: it must be there then."""
    named = FLAGS.get().get("config") or os.environ.get("LIMNER_CONFIG")
    return (Path(named), True) if named else (_user_folder("XDG_CONFIG_HOME", Path(".config")) / FILE, False)


def _user_folder(variable: str, usual: Path) -> Path:
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "limner"
    named = Path(os.environ.get(variable, ""))
    return (named if named.is_absolute() else home / usual) / "limner"  # the XDG specification ignores relative ones


class Settings(BaseSettings):
    """All that can be set: by an option, by a variable that begins with LIMNER_, or in limner.toml, in this order.

    `limner settings` shows what is set and whence; the README's table is made from what follows here.

    Attributes:
        data: the folder that keeps conversations and pictures.
        painter, rewriter, captioner: which models; "embedded" means the ones in this package. A painter may be a
            diffusers pipeline's folder or its name on the hub, a rewriter a chat model's folder or its name there, or
            MODEL@URL of one behind OpenAI's protocol. The captioner may be "none": then nobody describes pictures
            or checks them.
        painters: further painters, with commas between, that people may choose on the page in place of `painter`, and
            programs by `model`.
        enlarge: whether what the embedded painter paints is enlarged four times, to 512 x 512 pixels.
        painter_dtype, painter_offload, painter_attention, painter_tiling: how a pipeline is put on the device; "auto"
            chooses by the memory that is free.
        painter_loras: LoRAs by name, such as "watercolour:0.8, faces".
        loras: the folder that keeps LoRA files; `loras` in the data folder if it is not set.
        rewriter_sees: "auto" shows the current picture to a rewriter that can see, also to one behind an address; "off"
            gives it the descriptions alone.
        sharing: how a painter and a rewriter that are both loaded here use one GPU: "together"; "turns", each moved out
            while the other works; "auto" takes turns where they do not fit together.
        rewriter_timeout: seconds that a rewriter's service may be silent.
        tries: how many pictures are painted at most, one after the other with other seeds, to get one in which nothing
            of the prompt is missing; 1 only says what is missing, 0 does not look.
        try_seconds: how long looking at a picture and painting it again may take.
        fold_beyond: the share of details that should have stayed and are not seen any more, above which what a chain of
            edits came to is painted at once beside its end; 1 for never.
        rewriter_key: what the rewriter's service wants to be sent as a bearer token.
        policy_model: what reads words that the policy's lists let pass: "embedded", the small model in this package, or
            "off".
        policy_words: a file of words or phrases that are refused as well, in words and in what the captioner sees in
            pictures, one a line; a * at a word's end stands for any ending.
        policy_pictures: pictures that are neither taken nor shown, whatever their size and compression: a folder of
            them, or a file of their looks, which `limner policy look` writes.
        moderation: what looks at words and pictures beside the lists of words: "none", or the address of a service with
            OpenAI's `/moderations`, such as https://api.openai.com/v1.
        moderation_key: what that service wants to be sent as a bearer token.
        safety_model: an image classifier that looks at people's own pictures and at results: "none", a folder, or its
            name on the hub, such as Falconsai/nsfw_image_detection.
        safety_labels: the classifier's labels to refuse, with commas between; if it is not set, those that are known to
            mean harm ("nsfw", "porn", "gore" …).
        safety_threshold, safety_threshold_low: how sure it must be, 0 to 1, at the levels "auto" and "low".
        safety_device: where it computes: "auto", "cpu", "cuda" or "mps".
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
    painters: str = ""
    rewriter: str = "embedded"
    captioner: str = "embedded"
    enlarge: bool = True
    painter_dtype: str = "auto"
    painter_offload: str = "auto"
    painter_attention: str = "auto"
    painter_tiling: str = "auto"
    painter_loras: str = ""
    loras: Path | None = None
    rewriter_sees: Literal["auto", "off"] = "auto"
    sharing: Literal["auto", "together", "turns"] = "auto"
    rewriter_key: SecretStr = SecretStr("")
    rewriter_timeout: float = Field(default=120, gt=0, le=3600)
    tries: int = Field(default=4, ge=0, le=8)
    try_seconds: float = Field(default=1.5, ge=0, le=3600)
    fold_beyond: float = Field(default=0.34, ge=0, le=1)
    policy_model: Literal["embedded", "off"] = "embedded"
    policy_words: Path | None = None
    policy_pictures: Path | None = None
    moderation: str = Field(default="none", pattern=r"^(none|https?://.+)$")
    moderation_key: SecretStr = SecretStr("")
    safety_model: str = "none"
    safety_labels: str = ""
    safety_threshold: float = Field(default=0.5, gt=0, le=1)
    safety_threshold_low: float = Field(default=0.9, gt=0, le=1)
    safety_device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
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
    def painter_names(self) -> tuple[str, ...]:
        """The painters that can be chosen, the usual one first."""
        more = (name.strip() for name in self.painters.split(","))
        return tuple(dict.fromkeys([self.painter, *filter(None, more)]))

    @property
    def needs_sign_in(self) -> bool:
        """Whether it must be known who is asking."""
        return self.auth or bool(self.proxy_header) or not is_loopback(self.host)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        return init_settings, env_settings, InitSettingsSource(settings_cls, settings_in_file())


def short_names(painters: Iterable[str]) -> dict[str, str]:
    """Return what people and programs call painters by, in their order: of a folder or a hub id its last part.

    Of several that end alike all but the first have a number.
    """
    short: dict[str, str] = {}
    for painter in painters:
        last = PurePath(painter).name or painter
        also = (f"{last}-{number}" for number in itertools.count(2))
        short[painter] = next(
            name for name in (last, *itertools.islice(also, len(short))) if name not in short.values()
        )
    return short


def settings_in_file() -> dict[str, Any]:
    """Return what limner.toml sets; a path in it stands from where the file is.

    Raises:
        SettingsError: the file was named and is not there, is no TOML, or sets what cannot be set.
    """
    file, named = config_file()
    if not named and not file.is_file():
        return {}
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings in {file} cannot be read ({error.strerror}); name another file.") from error
    except ValueError as error:
        raise SettingsError(f"The settings in {file} are no TOML ({error}); mend that line.") from error
    for name, value in found.items():
        check_name(name, f"{file} sets")
        if Path in _types(name) and isinstance(value, str):
            found[name] = file.parent / Path(value).expanduser()
    return found


def source_of(name: str, file: Mapping[str, Any]) -> str:
    """Return where a setting's value comes from."""
    if name in FLAGS.get():
        return "--set"
    variable = f"LIMNER_{name.upper()}"
    if any(known.upper() == variable for known in os.environ):
        return variable
    return "file" if name in file else "usual"


def check_name(name: str, where: str) -> None:
    """Raises: SettingsError: there is no such setting."""
    if name not in Settings.model_fields:
        raise SettingsError(f"{where} {name[:80]!r}, which is no setting; `limner settings` lists them all.")


def is_secret(name: str) -> bool:
    """Tell whether a setting's value must not be seen."""
    return SecretStr in _types(name)


def _types(name: str) -> tuple[object, ...]:
    annotation = Settings.model_fields[name].annotation
    return (annotation, *getattr(annotation, "__args__", ()))


def take_flags(pairs: Sequence[str], config: Path | None = None) -> None:
    """Remember what `--set NAME=VALUE …` and `--config` gave.

    Raises:
        SettingsError: there is no such setting, or it is a secret, which every other program could read there.
    """
    flags: dict[str, str] = {"config": str(config)} if config else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise SettingsError(f"--set takes NAME=VALUE and {pair[:80]!r} was given, such as --set threads=2.")
        check_name(name, "--set gives")
        if is_secret(name):
            raise SettingsError(
                f"--set does not take {name}, for others could read it there; set LIMNER_{name.upper()} or {FILE}."
            )
        flags[name] = value
    FLAGS.set(flags)


def load_settings(**given: Any) -> Settings:
    """Return the settings: what is given and not None, else the flags, the environment, limner.toml, the defaults.

    Raises:
        SettingsError: a value cannot be used; the sentence names it.
    """
    flags = {name: value for name, value in FLAGS.get().items() if name != "config"}
    try:
        return Settings(**{**flags, **{name: value for name, value in given.items() if value is not None}})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        why = first["msg"][0].lower() + first["msg"][1:]
        if name in Settings.model_fields and is_secret(name):
            raise SettingsError(
                f"The setting {name!r} cannot be what it is: {why}; change LIMNER_{name.upper()} or "
                f"{config_file()[0]}, wherever it stands."
            ) from None
        raise SettingsError(
            f"The setting {name!r} cannot be {str(first.get('input'))[:80]!r}: {why}; "
            f"change --{name} (or --set {name}=…), LIMNER_{name.upper()} or {config_file()[0]}, wherever it stands."
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


def check_api_host(host: str, has_keys: bool) -> None:
    """Raises: SettingsError: other machines could reach the API, and there is no key that they would need."""
    if not is_loopback(host) and not has_keys:
        raise SettingsError(
            f"Listening on {host!r} lets other machines in, and there is no key yet that they would need; make one "
            "with `limner keys add NAME` first."
        )


def prepare_environment(threads: int) -> None:
    """Set what third-party libraries read from the environment when they are imported; call it before they are.

    Nothing here reports to anyone or looks for updates.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("MPLBACKEND", "agg")  # gradio asks for it, and all of pyplot is imported to find one
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)
