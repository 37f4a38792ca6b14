"""What is refused in words, and what must not be."""

from __future__ import annotations

import pytest

from assistant.messages import MAX_MESSAGE_LETTERS
from assistant.policy import NO_CHILDREN, NO_GORE, NO_HATE, Allowed, Refused, WordPolicy

POLICY = WordPolicy()


@pytest.mark.parametrize(
    "message",
    [
        "a bunny in a meadow", "make it happier", "ארנב באחו", "أرنب سعيد في المرج", "草地上的兔子", "🐰" * 50,
        "один зайчик", "two\nlines\tand a tab\r\n", "\u202eright to left\u202c", "x" * MAX_MESSAGE_LETTERS,
        "नीला खरगोश", "e\u0301", "a child with a balloon", "boys and girls playing football",
        "a nude figure in oil, after Titian", "Al Gore giving a speech", "a naked mole-rat and its babies",
        "a grape and a drape", "unisex children's clothes", "the essex marshes", "a headless chicken",
        "a kicking horse",
    ],
)  # fmt: skip
def test_any_script_and_every_harmless_wish_is_allowed(message: str):
    assert POLICY.check_message(message) == Allowed()


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "is empty"), (" \n\t", "is empty"), ("x" * 50_000, "has 50,000 letters and at most 8,000"),
        ("a \x00 byte", r"control character (U+0000)"), ("\x1b[31mred", "control character (U+001B)"),
        ("half \udc80", "half of a letter (U+DC80)"), ("\x7fELF", "control character (U+007F)"),
        ("a naked child", NO_CHILDREN), ("sexy 15-year-old", NO_CHILDREN), ("NUDE schoolgirls", NO_CHILDREN),
        ("a n\u200baked toddler", NO_CHILDREN), ("ｎａｋｅｄ　ｂａｂｙ", NO_CHILDREN), ("lolicon", NO_CHILDREN),
        ("a gory fight", NO_GORE), ("a Decapitated king", NO_GORE), ("a severed hand", NO_GORE),
        ("a swastika", NO_HATE), ("Nazi flags on a house", NO_HATE), ("the KKK", NO_HATE),
    ],
)  # fmt: skip
def test_what_must_not_be_drawn_is_refused_with_the_reason(message: str, reason: str):
    decision = POLICY.check_message(message)
    assert isinstance(decision, Refused)
    assert reason in decision.reason
    if message.strip() and len(message) <= MAX_MESSAGE_LETTERS:
        assert isinstance(POLICY.check_prompt(message), Refused)
