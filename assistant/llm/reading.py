"""What the embedded rewriter reads and how its answer is parted; training and decoding use the same functions.

It reads messages in small letters, since it knows too little to spare a meaning for each way of writing a word. Before
the plan of a new picture it notes what the message says, thing by thing (as in "Show Your Work", arXiv:2112.00114): the
prompt's sentences then have one short list to keep to. Nobody sees the notes.
"""

from __future__ import annotations

import re

from assistant.llm.patching import as_patch, as_prompt
from captioner.world.scene import CORE
from captioner.world.words import KIND_SYNONYMS

THEN = "<then>"
"""The token that ends the notes and begins the plan."""
CANNOT, CLOSING = "I can't paint ", re.compile(r" yet[.,]")
"""What stands before and after the names in a reply; "yet" alone will not do, since one may ask for a yeti."""
DENIES, DENIED = re.compile(r".*There (?:is|are) no ", re.DOTALL), re.compile(r" (?:in this|here|indoors|yet)\b")
"""The same of a reply that says what is not there."""
NONE_SUCH = "None of the pictures here shows that. Which one do you mean?"
"""What is answered where an older picture is called by what no picture shows."""
CONTRADICTS, AT_ONCE = "It can't be ", re.compile(r" at once\.")
"""The same of a question which of two values is meant, as nothing has both."""
_SAID = re.compile(r"^(?:say|said): .*$", re.MULTILINE)
_NAMED = re.compile(rf"(?<={CANNOT}).*?(?={CLOSING.pattern})")
_MESSAGE = re.compile(r"(?:^|\n)say: ")
_NOT_THERE = re.compile(r'"reply":"There (?:is|are) no ([^"]+?) in this picture')
_NO_PICTURE = re.compile(r'"reply":"There is no picture')
_CURRENT = re.compile(r"^now v\d", re.MULTILINE)
KIN: dict[str, tuple[str, ...]] = {
    "bunny": ("hopper", "animal", "furball", "fluffy one", "long-eared one"),
    "cat": ("pet", "furball", "animal", "kitty-cat"),
    "dog": ("pet", "pooch", "canine", "animal", "good boy"), "bear": ("animal", "big fellow", "furry one"),
    "fox": ("animal", "sly one", "canine"), "owl": ("bird", "feathered one", "hooter"),
    "frog": ("amphibian", "hopper", "croaker", "animal"), "penguin": ("bird", "waddler", "feathered one"),
    "robot": ("machine", "metal man", "tin man", "figure"), "wizard": ("man", "old man", "guy", "figure", "old fellow"),
    "house": ("building", "home", "place", "hut"), "cake": ("dessert", "treat", "pastry", "sweet"),
}  # fmt: skip
"""What each kind may be called by what it is."""
_WHOEVER = frozenset(
    {"creature", "critter", "fella", "fellow", "guy", "friend", "hero", "beast", "character", "figure", "subject"}
)
"""Names of whoever is there."""
_CREATED = re.compile(r"^said: (.*) > create\b.*$", re.MULTILINE)
_WHOLE = re.compile(r"^(?:now|whole) v\d.*$", re.MULTILINE)
WORD = re.compile(r"[^\W_]+")
_PAINTED = frozenset(
    {
        *CORE.subjects,
        *CORE.worn,
        *CORE.held,
        *CORE.extras,
        *(name for kind in CORE.subjects for name in KIND_SYNONYMS[kind]),
    }
)
"""What comes into a picture under its own name, and is not there any more once it is not described."""


def as_read(context: str) -> str:
    """Return a rendered path with its messages in small letters."""
    return _SAID.sub(lambda line: line[0].lower(), context)


def as_written(plan: str, context: str) -> str:
    """Return a plan as it is written: a patch for a prompt that goes on from another, and small letters as in what was
    read for the names of what cannot be painted.
    """
    return _NAMED.sub(lambda found: found[0].lower(), as_patch(plan, context))


def shown(answer: str, context: str) -> str:
    """Return what may be shown of a plan while it is written: no notes, no name before it is whole, and of a patch the
    prompt that comes of it, once it is whole.
    """
    plan = as_prompt(answer.rpartition(THEN)[2], context)
    before, cannot, named = plan.rpartition(CANNOT)
    if not plan.startswith("{") or plan.endswith("\ufffd"):  # a letter may need more bytes than are there
        return ""
    if cannot and not CLOSING.search(named):
        return before
    return _NAMED.sub(lambda found: as_said(found[0], context), plan)


def message_of(context: str) -> str:
    """Return the message of a rendered path, which may itself hold "say:"."""
    return _MESSAGE.split(context)[-1]


def as_said(named: str, context: str) -> str:
    """Return names with the capitals that the message gives them; a message in capitals alone gives none."""
    message = message_of(context)
    words = {} if message.isupper() else {word.lower(): word for word in WORD.findall(message)}
    return WORD.sub(lambda word: words.get(word[0], word[0]), named)


def denies_picture(plan: str, context: str) -> bool:
    """Tell whether a plan answers that there is no picture yet though the context shows one."""
    return _NO_PICTURE.search(plan) is not None and _CURRENT.search(context) is not None


def was_asked_for(word: str, context: str) -> bool:
    """Tell whether one of the messages that a new picture was made for has a word."""
    return any(word in WORD.findall(said.lower()) for said in _CREATED.findall(context))


def denies_what_is_there(plan: str, context: str) -> bool:
    """Tell whether a plan answers that a thing is not in the picture while every whole description shown has it.

    A giraffe that was asked for and cannot be painted is there, too: something stands for it.
    """
    denied, described = _NOT_THERE.search(plan), _WHOLE.findall(context)
    if denied is None or not described:
        return False
    if denied[1] not in _PAINTED and was_asked_for(denied[1], context):
        return True
    if denied[1].split()[-1] in _WHOEVER:
        return True
    names = ((kind, {*KIND_SYNONYMS[kind], *KIN[kind]}) for kind in CORE.subjects)
    kinds = [kind for kind, called in names if denied[1] in called]
    nouns = [rf"{re.escape(noun)}|{re.escape(noun.removesuffix('f'))}ves\b" for noun in (denied[1], *kinds)]
    return all(re.search(rf"\b({'|'.join(nouns)})", line) for line in described)
