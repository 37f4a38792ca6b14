"""Plans that a button or a flag stands for, built without the language model, because nothing has to be understood."""

from __future__ import annotations

from pydantic import ValidationError

from assistant.errors import MessageError
from assistant.messages import MAX_MESSAGE_LETTERS, CreatePlan


def exactly(words: str) -> CreatePlan:
    """Return the plan of a new picture whose prompt is a person's own words, untouched.

    Raises:
        MessageError: they cannot be a prompt.
    """
    try:
        return CreatePlan(prompt=words, reply="Painted from exactly your words.")
    except ValidationError as error:
        raise MessageError(
            f"A prompt has 1 to {MAX_MESSAGE_LETTERS:,} letters and this has {len(words.strip()):,}; change it and "
            "paint again."
        ) from error
