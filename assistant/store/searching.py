"""Which conversations hold the words that a person looks for: what was said, and what is to be seen in their pictures.

A word counts wherever it stands in the title, a message, a prompt, a version's name, or in what the captioner sees in a
picture; a name of the same thing ("rabbit" for "bunny") counts where it stands as a word of its own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, literal, or_, select

from assistant.references import same_words
from assistant.store.tables import ConversationRow, TurnRow, VersionRow

SMALL = frozenset(["a", "an", "and", "at", "by", "in", "of", "on", "the", "to", "with"])
"""Words that say nothing of what is looked for, where another one does."""
SIGNS = ".,;:!?()\"'“”’-/\n"


def containing_all(text: str) -> list[ColumnElement[bool]]:
    """Return a condition on conversations for each word of a text that says something."""
    words = text.split()
    telling = [word for word in words if word.lower() not in SMALL]
    return [_contains(word) for word in telling or words]


def _contains(word: str) -> ColumnElement[bool]:
    others = [other for other in same_words(word) if other != word.lower()]

    def holds(column: Any) -> ColumnElement[bool]:
        return or_(column.icontains(word, autoescape=True), *(_has_word(column, other) for other in others))

    said = select(TurnRow.conversation_id).where(holds(TurnRow.message))
    pictured = or_(holds(VersionRow.prompt), holds(VersionRow.caption), holds(VersionRow.name))
    seen = select(VersionRow.conversation_id).where(pictured)
    return holds(ConversationRow.title) | ConversationRow.id.in_(said) | ConversationRow.id.in_(seen)


def _has_word(column: Any, word: str) -> ColumnElement[bool]:
    """Say whether a column holds a word between spaces or signs: a hare is no share."""
    text = func.lower(column, type_=String)
    for sign in SIGNS:
        text = func.replace(text, sign, " ", type_=String)
    whole = (literal(" ") + text + literal(" ")).contains(f" {word} ", autoescape=True)
    return and_(column.icontains(word, autoescape=True), whole)  # most texts are done with after the first look
