"""Which conversations hold the words that a person looks for: what was said, and what is to be seen in their pictures.

A word counts wherever it stands in the title, a message, a prompt, a version's name, or in what the captioner sees in a
picture; a name of the same thing ("rabbit" for "bunny") counts where it stands as a word of its own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, ColumnElement, String, func, literal_column, or_, select, union_all

from assistant.references import same_words
from assistant.store.tables import ConversationRow, TurnRow, VersionRow

SMALL = frozenset(["a", "an", "and", "at", "by", "in", "of", "on", "the", "to", "with"])
"""Words that say nothing of what is looked for, where another one does."""
SIGNS = ".,;:!?()\"'“”’-/\n"
MOST_WORDS = 24
"""What comes after so many words is not looked for: a pasted text is no search, and each makes the query longer."""


def containing_all(owner: str, text: str) -> list[ColumnElement[bool]]:
    """Return a condition on a person's conversations for each word of a text that says something."""
    words = text.split()
    telling = [word for word in words if word.lower() not in SMALL]
    if not words:
        return []
    texts = _texts(owner)
    return [_contains(texts, word) for word in list(dict.fromkeys(telling or words))[:MOST_WORDS]]


def _texts(owner: str) -> CTE:
    """Return all texts of a person's conversations: as they are, and as words between spaces."""
    own = ConversationRow.owner == owner
    titles = select(ConversationRow.id.label("talk"), ConversationRow.title.label("text")).where(own)
    said = select(TurnRow.conversation_id, TurnRow.message).join(ConversationRow).where(own)
    pictured = [
        select(VersionRow.conversation_id, column).join(ConversationRow).where(own)
        for column in (VersionRow.prompt, VersionRow.caption, VersionRow.name)
    ]
    all_texts = union_all(titles, said, *pictured).subquery()
    bare: Any = func.lower(all_texts.c.text, type_=String)
    for sign in SIGNS:
        bare = func.replace(bare, _plain(sign), _plain(" "), type_=String)
    words = (_plain(" ") + bare + _plain(" ")).label("words")
    return select(all_texts.c.talk, all_texts.c.text, words).cte("texts")


def _contains(texts: CTE, word: str) -> ColumnElement[bool]:
    """Return whether a conversation holds a word anywhere, or another name of the same thing between spaces or signs: a
    hare is no share.
    """
    others = [other for other in same_words(word) if other != word.lower()]
    named = [texts.c.words.contains(f" {other} ", autoescape=True) for other in others]
    holders = select(texts.c.talk).where(or_(texts.c.text.icontains(word, autoescape=True), *named))
    return ConversationRow.id.in_(holders)


def _plain(sign: str) -> ColumnElement[str]:
    """Return a sign of ours as it stands in the query: a database takes only so many values beside one."""
    return literal_column("'" + sign.replace("'", "''") + "'", String)
