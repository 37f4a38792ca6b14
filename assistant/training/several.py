"""Messages that ask for several pictures at once: of a new picture, of a change, of what is there.

"Four pictures of a cat" are four pictures with one cat each, and "four cats" is one with four; "a few" are three, and
variations of which nobody says how many are four, as people know it from other tools.
"""

from __future__ import annotations

import random
import re

from assistant.training.whole_ways import composed
from assistant.training.wishes import choose

MOST = 8
AT_MOST = "At most eight pictures come at once, so here are eight."
OFTEN = {2: 20, 3: 22, 4: 34, 5: 7, 6: 9, 7: 2, 8: 6}
"""How often each number of pictures is asked for."""
TOO_MANY = (9, 10, 12, 15, 16, 20, 24, 30, 50, 100)
_SAID = {
    2: ("two", "2", "a couple of"), 3: ("three", "3", "a few", "three"), 4: ("four", "4", "4"), 5: ("five", "5"),
    6: ("six", "6", "half a dozen"), 7: ("seven", "7"), 8: ("eight", "8"), 9: ("nine", "9"), 10: ("ten", "10"), 12: ("twelve", "12", "a dozen"), 20: ("twenty", "20"),
}  # fmt: skip
NOUN = "(|different |separate )(pictures|images|versions|versions|options|variations|variants|takes|alternatives|candidates|drawings|renderings|ideas|illustrations|pics|renders|designs|tries)"
ASKING = "(give me|show me|make|paint|draw|create|generate|i want|i'd like|let me see|do|i need|let's have)"
OF_NEW = (
    f"N {NOUN} of {{}}", f"{ASKING} N {NOUN} of {{}}", f"N {NOUN} with {{}}", f"N {NOUN} showing {{}}", f"can i (see|have|get) N {NOUN} of {{}}?", f"could you (make|paint|draw|do) N {NOUN} of {{}}?",
    f"{ASKING} N {NOUN} showing {{}}", f"please {ASKING} N {NOUN} of {{}}", f"N {NOUN}: {{}}", f"{ASKING} N {NOUN}: {{}}",
)  # fmt: skip
"""Of a picture that is named with its article: "a cat in the snow"."""
AFTERWARDS = (
    f"{{}}, N {NOUN}", f"{{}} - N {NOUN}( please|)", f"{{}} (in|as) N {NOUN}", f"{{}}. {ASKING} N {NOUN}", f"{{}}; N {NOUN}", f"{{}}, N {NOUN}( please| to choose from| at once)", f"{{}}, {ASKING} N {NOUN}", f"{{}}. N {NOUN}( please|!)",
    f"{{}} and {ASKING} N {NOUN}( of it|)", f"{{}}, i want to (choose|pick) from N {NOUN}", f"N {NOUN}: {{}}",
)  # fmt: skip
NEAR = (
    f"{ASKING} N (|more |subtle |slight |small )(variations|variants)(| of PIC)", f"{ASKING} N (similar ones|near copies|more like PIC|more like this|siblings)", "vary PIC N times", "vary (it|this) in N ways", "N (|subtle |slight |more )(variations|variants)(| of PIC)(| please)",
    "N (more like this|more like this one|similar ones|similar pictures)(| please)", "can i (see|have|get) N (variations|variants|similar ones)(| of PIC)?",
)  # fmt: skip
ANEW = (
    f"{ASKING} N (more|others|other ones|new ones|different ones)", f"{ASKING} N (more |different |other |new )(versions|options|takes|alternatives|pictures|tries)(| of PIC)", "N (more|others|other ones|different ones|new ones|of them|of these|at once)(| please)", "try (it |)N (more |)times",
    "again, N times", "N (more |other |different |new )(versions|options|takes|alternatives|pictures|tries|images)(| of PIC)(| please)", "paint PIC N (more |)times", "(do|paint|draw) (it|this) N times( over|)", "can i (see|have|get) N (more|others|other versions|options)(| of PIC)?", "N (options|takes|alternatives)(| please)",
)  # fmt: skip
NUMBER = re.compile(
    rf"\b(?:\d+|{'|'.join(sorted({said for others in _SAID.values() for said in others if said.isalpha()}))}|a few|a dozen|a couple)\b"
)
_UNCOUNTED = re.compile(
    r"\b(?:(?P<few>a few|some more|some)|(?P<couple>a couple of))? ?\b(?:variations|variants|siblings|near copies)\b"
)


def number_said(rng: random.Random) -> tuple[int, str]:
    """Return how many pictures are asked for, and how that is said."""
    number = rng.choice(TOO_MANY) if rng.random() < 0.06 else rng.choices(tuple(OFTEN), tuple(OFTEN.values()))[0]
    return number, rng.choice(_SAID.get(number, (str(number),)))


def of_several(message: str, act: str, rng: random.Random, dev: bool) -> tuple[str, int] | None:
    """Return a message that asks for what another asks for in several pictures, and how many; None where it cannot."""
    number, said = number_said(rng)
    text = message.strip()
    is_named = act == "create" and re.match(r"an? ", text) is not None and text[-1] not in ".!?"
    text = text.rstrip(".!") if text[-1:] in (".", "!") else text
    if text.endswith("?") or re.search(r"\b(?:pictures?|images?|versions?|times)\b", text):
        return None
    template = choose(rng, OF_NEW if is_named and rng.random() < 0.6 else AFTERWARDS, dev)
    return _counted(template, said, rng).replace("{}", text), number


def of_what_is_there(rng: random.Random, dev: bool) -> tuple[str, int, str]:
    """Return a template that asks for several more of a picture, how many, and how near to it they are to stay."""
    number, said = number_said(rng)
    is_near = rng.random() < 0.5
    return _counted(choose(rng, NEAR if is_near else ANEW, dev), said, rng), number, "subtle" if is_near else ""


def uncounted(message: str) -> int:
    """Return how many pictures a wish for variations means that gives no number; 1 where it wishes for one."""
    found = _UNCOUNTED.search(message)
    if found is None:
        return 1
    return 2 if found["couple"] else 3 if found["few"] else 4


def fields_of(number: int, reply: str = "") -> dict[str, object]:
    """Return what a plan of so many pictures says of them, with what it says anyway."""
    if number <= MOST:
        return {"count": number if number > 1 else 0, "reply": reply}
    return {"count": MOST, "reply": " ".join(filter(None, [reply, AT_MOST]))}


def _counted(template: str, said: str, rng: random.Random) -> str:
    text = composed(template, rng)
    if re.search(r"\bN (?:of|more|others?|times|at|ways|in)\b", text):
        said = {"a couple of": "two", "a few": "three"}.get(said, said)
    return re.sub(r"\bN\b", said, text)
