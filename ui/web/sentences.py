"""Sentences that other parts of Limner write, once and in English, and that the page shows in the language of whoever
reads it: what went wrong, what was planned, what was done. What is kept, and what the models read, stays as it was.

A test finds each of these in the sources that write it. A sentence that is not here is shown in English, marked so.
"""

from __future__ import annotations

import re
from functools import cache

from ui.web.texts import N_, now

SENTENCES = (
    # What is planned, and being done.
    N_("Painting a new picture"),
    N_("Editing {targets}: {what}"),
    N_("Painting {targets} again, {how}"),
    N_("nearly the same"),
    N_("another way"),
    N_("Going back to {targets}"),
    N_("Describing {targets}"),
    N_("Extending {targets}{where}"),
    N_(" to the left"),
    N_(" to the right"),
    N_(" upwards"),
    N_(" downwards"),
    N_("Enlarging {targets}"),
    N_("Asking back"),
    N_("Answering"),
    # What was done at the press of a button.
    N_("{label} once more."),
    N_("{label} once more, another way."),
    N_("{label}, varied {how}."),
    N_("a little"),
    N_("a lot"),
    N_("Back at {label}."),
    N_("{label} with more round it."),
    N_("{label}, larger."),
    N_("Painted from your own words."),
    N_("What I see in it."),
    N_("New conversation"),
    # What cannot be done, and why.
    N_('There is no picture to change yet. Describe one first, for example "a bunny in a meadow".'),
    N_("Nothing here can describe pictures; the prompt that painted this one is shown beside it."),
    N_("There is no picture to look at yet. Ask for one first, or bring your own."),
    N_("There is no {label} in this conversation; it has {run}."),
    N_("{label} was deleted; this conversation has {run}."),
    N_("{label} was deleted, and there is no other picture in this conversation; describe a new one."),
    N_("A picture is still being painted in this conversation; press Stop, or wait for it, and delete {label} again."),
    N_("There is no conversation {id} of yours; start a new one."),
    N_("The message is empty; say what you would like to see."),
    N_("The message is not plain text: it holds {what}; send words only."),
    N_("{label}'s prompt does not say “{words}”; lock words that stand in it, or ask for them first."),
    N_("No edge of {label} goes outwards, so there is nothing to paint; drag one further."),
    N_("{label} cannot be combined with itself; choose another version."),
    N_("“{part}” was not found in {label}; name a part that can be seen there, or ask for the change in words."),
    N_("Limner does not draw children, or anyone who may be one, in a sexual way; ask for another picture."),
    N_("Limner does not draw gore; say what should be seen without it."),
    N_("Limner does not draw hateful symbols; say what should be seen without them."),
    N_("Limner does not draw people of public life naked or in a sexual way; ask for another picture."),
    # Pictures of one's own.
    N_("The {what} cannot be read; send a PNG, JPEG or WebP file."),
    N_("The {what} has {width}x{height} pixels and at most {most} megapixels can be taken; send a smaller one."),
    N_("The {what} moves: it has {frames} frames. Send one still picture."),
    N_("picture"),
    N_("mask"),
    N_("The file is larger than {most} MB; send a smaller one."),
    N_("A picture is still being painted; press Stop, or wait for it, and bring yours again."),
    # What broke.
    N_("The disk is full; make room and send the message again."),
    N_("The disk is full, so the database {place} could not be written; make room and try again."),
    N_("There was not enough memory for this picture; ask for a smaller one, or close other programs."),
)
PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what finds each sentence with placeholders, those with the most words of their own first."""
    held = [one for one in SENTENCES if "{" in one]
    held.sort(key=lambda one: -len(re.sub(r"\{\w+\}", "", one)))
    return tuple((re.compile(PLACEHOLDER.sub(r"(?P<\1>.+)", re.escape(one)), re.DOTALL), one) for one in held)


def known(sentence: str) -> str | None:
    """Return a sentence in the language that is spoken; None where that does not know it."""
    spoken = now()
    if sentence in SENTENCES:
        return _translated(sentence)
    for pattern, template in _patterns():
        if found := pattern.fullmatch(sentence):
            translated = spoken.look_up(template)
            if translated == template:
                return None
            parts = {name: _translated(part) or part for name, part in found.groupdict().items()}
            return translated.format(**parts)
    return None


def _translated(text: str) -> str | None:
    found = now().look_up(text) if text in SENTENCES else text
    return found if found != text else None


def told(sentence: str) -> tuple[str, str]:
    """Return a sentence as it is shown, and the attribute that says in which language it then is ("" where that of the
    page is meant).
    """
    translated = known(sentence)
    if translated is not None:
        return translated, ""
    return sentence, "" if now().code == "en" else ' lang="en"'
