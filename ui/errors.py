"""Errors of the faces.

UiError
├── SettingsError     a setting or an option that cannot be used
└── InputError        what was typed or piped in cannot be taken
"""


class UiError(Exception):
    """Anything that a face reports; its message is one sentence for a person."""


class SettingsError(UiError):
    """A setting or an option that cannot be used."""


class InputError(UiError):
    """What was typed or piped in cannot be taken."""
