"""`limner world`: a contact sheet of what the models learn from."""

from __future__ import annotations

import time
from pathlib import Path

from captioner.world.scene import SETTINGS, WorldSetting
from ui.errors import SettingsError

SCENES = 64
MAX_SEED = 1_000_000


def setting_named(name: str) -> WorldSetting:
    """Return the picture world's setting of this name.

    Raises:
        SettingsError: it has none.
    """
    if name not in SETTINGS:
        *others, last = SETTINGS
        raise SettingsError(
            f"The picture world has the settings {', '.join(others)} and {last}; {name[:40]!r} was asked; use "
            "--setting core."
        )
    return SETTINGS[name]


def world(sheet: Path, setting: str, seed: int | None) -> None:
    """Write the sheet and say where it is and how long it took.

    Raises:
        SettingsError: the file cannot be written.
    """
    from captioner.world.sample import random_scene
    from captioner.world.sheet import contact_sheet, default_scenes

    chosen = setting_named(setting)
    if sheet.suffix.lower() != ".png":
        raise SettingsError(
            f"The sheet is a PNG picture, and {sheet.name[:80]!r} does not end in .png; choose another --sheet."
        )
    if seed is not None and not 0 <= seed < MAX_SEED:
        raise SettingsError(f"--seed runs from 0 to {MAX_SEED - 1} and {seed} was given; choose another.")
    started = time.monotonic()
    first = 0 if seed is None else seed * SCENES
    scenes = default_scenes(chosen) if seed is None else [random_scene(first + k, chosen) for k in range(SCENES)]
    try:
        contact_sheet(scenes).save(sheet)
    except OSError as error:
        raise SettingsError(f"{sheet} cannot be written ({error.strerror}); choose another --sheet.") from error
    print(f"{sheet}  ({time.monotonic() - started:.1f} s)")
