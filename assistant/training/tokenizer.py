"""The embedded rewriter's tokenizer: byte-level BPE, with the fixed phrases of captions and plans as tokens of their own.

A prompt of 50 words is about 30 tokens so; any other text falls back to pieces and bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from assistant.llm.patching import NOW, WAS
from assistant.llm.reading import THEN
from assistant.training import chatter
from assistant.training.wishes import PAINTER_NOTE
from captioner.world import words

PAD, BEGIN, PLAN_BEGIN, END = "<pad>", "<begin>", "<plan>", "<end>"
SPECIAL = (PAD, BEGIN, PLAN_BEGIN, END, THEN, WAS, NOW)
VOCABULARY = 2_400
LEAST_COUNT = 40
LABELS = 30
ACTS = ("create", "edit", "vary", "return", "describe", "ask", "refuse", "reply", "extend", "merge", "upscale")
JSON_PIECES = (
    *(f'{{"act":"{act}"' for act in ACTS), *(f',"{key}":"' for key in ("change", "region", "reply", "prompt")), *(f'","{key}":"' for key in ("region", "reply", "prompt")),
    ',"targets":["', ',"removed":["', '"],"change":"', '"],"prompt":"', '"],"reply":"', '","removed":["', '"]}', '"}', '","',
)  # fmt: skip
FRAME_PIECES = (
    "\nsay:",
    "\nsaid:",
    "said:",
    "\nnow",
    "now nothing",
    "\nwhole",
    " > create",
    " > edit",
    " > return",
    " > vary",
    " > reply",
    " > ask",
    " ...",
    " <",
)
"""These end before the space, so that the first word of a message is the same token as anywhere else."""
REPLY_PIECES = (
    "I can't paint", " yet, so here is", f". {PAINTER_NOTE}", chatter.THANKS_REPLY, chatter.HELLO_REPLY, chatter.BYE_REPLY, chatter.ABLE_REPLY, chatter.OTHER_REPLY, chatter.GIBBERISH_REPLY,
    chatter.NO_PICTURE_REPLY, chatter.NOTHING_BACK_REPLY, chatter.REFUSE_REPLY, chatter.DESCRIBE_REPLY, chatter.VAGUE_REPLY, " in this picture to change.",
)  # fmt: skip


def train_tokenizer(texts: Sequence[str]) -> Tokenizer:
    """Return a tokenizer learned from whole samples, contexts and plans."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    phrases = fixed_pieces(texts)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(phrases), special_tokens=list(SPECIAL), show_progress=False, min_frequency=8,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(phrase, normalized=False, special=False) for phrase in phrases])
    return tokenizer


def fixed_pieces(texts: Sequence[str]) -> list[str]:
    """Return what shall be one token each: pieces of JSON and of the frame, labels, and phrases that captions repeat."""
    labels = [f"{space}v{number}" for number in range(1, LABELS + 1) for space in (" ", "", "\n")]
    joined = "\n".join(texts)
    known = list(JSON_PIECES + FRAME_PIECES + REPLY_PIECES) + labels
    phrases = []
    for phrase in sorted({p for p in _strings(vars(words)) if " " in p and len(p) < 60}):
        capital = phrase[0].upper() + phrase[1:]
        for form in (" " + phrase, capital, " " + capital, phrase):
            if joined.count(form) >= max(LEAST_COUNT, len(texts) // 400):
                phrases.append(form)
    return list(dict.fromkeys(known + phrases))


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if not str(key).startswith("__"):
                yield from _strings(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _strings(item)


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write tokenizer.json and its config as an ordinary transformers tokenizer."""
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, bos_token=BEGIN, eos_token=END, clean_up_tokenization_spaces=False,
        model_max_length=2048,
    )  # fmt: skip
    fast.save_pretrained(folder)
