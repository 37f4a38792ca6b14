"""`limner settings`: what can be set, what it is now and whence; and the table of it that the README shows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr

from ui.settings import Settings, config_file, load_settings, settings_in_file, source_of

ATTRIBUTE = re.compile(r"^    (?P<names>[a-z_]+(?:, [a-z_]+)*): (?P<text>.*(?:\n        .*)*)", re.MULTILINE)


def show_settings() -> None:
    """Print every setting with its value and where that comes from; of secrets, whether they are set."""
    settings, file = load_settings(), settings_in_file()
    print(f"file: {config_file()[0]}" + ("" if config_file()[0].is_file() else " (not there)"))
    for name in Settings.model_fields:
        value = getattr(settings, name)
        shown = ("set" if value.get_secret_value() else "not set") if isinstance(value, SecretStr) else value
        print(f"{name:<20} {shown!s:<40} {source_of(name, file)}")


def explanations() -> dict[str, str]:
    """Return what the class of the settings says of each of them."""
    text = inspect.cleandoc(Settings.__doc__ or "").partition("Attributes:\n")[2]
    return {
        name: " ".join(found["text"].split())
        for found in ATTRIBUTE.finditer(text)
        for name in found["names"].split(", ")
    }


def settings_table(options: Iterator[str]) -> str:
    """Return the settings as a Markdown table.

    Args:
        options: the names of the options that `limner serve` takes, such as "--data".
    """
    known, said = set(options), explanations()
    rows = ["| setting | option | variable | usually | what it is |", "|---|---|---|---|---|"]
    shown = ""
    for name, field in Settings.model_fields.items():
        option = f"--{name.replace('_', '-')}"
        secret = field.annotation is SecretStr
        option = f"`{option}`" if option in known else "" if secret else f"`--set {name}=…`"
        usual = _usual(field.get_default(call_default_factory=True) if name != "data" else "the folder above")
        what = "the same" if said[name] == shown else said[name]
        shown = said[name]
        rows.append(f"| `{name}` | {option} | `LIMNER_{name.upper()}` | {usual} | {what.replace('|', '/')} |")
    return "\n".join(rows) + "\n"


def _usual(value: Any) -> str:
    if isinstance(value, SecretStr) or value in ("", None):
        return ""
    return (
        f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "the folder above" else str(value)
    )
