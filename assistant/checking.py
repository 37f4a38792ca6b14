"""Looking at what was painted, and painting again where something is missing: the best of a few tries is kept.

Knows the painter and the checker by their protocols, and no store. Tries are painted one by one: most pictures need no
second, and each is then painted again from its own recipe alone, whatever was painted beside it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from assistant.errors import MessageError, RefusedResult
from assistant.jobs import Stopped
from assistant.messages import PaintingPlan, TurnOptions
from assistant.rendering import Finished
from captioner.errors import CaptionerError
from captioner.request import Checker, Checklist, missing
from generation.errors import GenerationError

LOG = logging.getLogger(__name__)
MAX_TRIES = 8


@dataclass(frozen=True)
class Tries:
    """How often at most a picture is painted, the first time counted, and how long looking and painting again may take.

    `most` is 0 where nobody shall look. Another try begins only if it would end within `seconds`, judged by how long
    the ones before took.
    """

    most: int = 4
    seconds: float = 1.5


@dataclass(frozen=True)
class Looked:
    """A finished picture, what was seen in it (None: nobody looked), and which of the tries it was."""

    picture: Finished
    checks: Checklist | None = None
    tries: int = 1


def tries_of(options: TurnOptions, usual: Tries) -> Tries:
    """Return how often to try, which the options of a turn may say.

    Raises:
        MessageError: they say a number that cannot be.
    """
    if options.tries is None:
        return usual
    if not 0 <= options.tries <= MAX_TRIES:
        raise MessageError(f"A picture is tried 0 to {MAX_TRIES} times and {options.tries} was asked; ask for fewer.")
    return Tries(options.tries, usual.seconds)


def has_own_seed(plan: PaintingPlan, options: TurnOptions) -> bool:
    """Tell whether a seed was asked for; then it is painted with that one and no other."""
    return options.seed is not None or plan.seed is not None


def look(checker: Checker, pictures: Sequence[Finished], plan: PaintingPlan) -> list[Checklist | None]:
    """Return the checklist of each picture; None for all where the checker cannot look: they are good anyway."""
    try:
        return list(checker.check([picture.image for picture in pictures], plan.prompt, plan.removed))
    except CaptionerError as error:
        LOG.warning("could not check what was painted: %s", error)
        return [None] * len(pictures)


def best_of(
    first: Finished, plan: PaintingPlan, checker: Checker, tries: Tries,
    paint_another: Callable[[int], Finished], painting_seconds: float, on_look: Callable[[Looked], None],
    before: Checklist = (),
) -> Looked:  # fmt: skip
    """Return the try in which least is missing, the earliest of equals; one that misses just the same is the last.

    Stop ends the search, not the turn: the best so far is kept.

    Args:
        paint_another: paints the same with another seed; it is given the number of the try. What the policy refuses
            (`RefusedResult`) ends the search like what cannot be painted.
        painting_seconds: how long the first painting took.
        on_look: is told of the best so far, which was found wanting, before another is painted.
        before: the parent's checklist; what was missing there already is no reason to paint an edit again.
    """
    began = time.monotonic()
    trying = search(Looked(first, look(checker, [first], plan)[0]), tries.most, before)
    slowest = painting_seconds + time.monotonic() - began
    found: Looked | None = None
    while True:
        try:
            number, best = trying.send(found)
        except StopIteration as end:
            ended: Looked = end.value
            return ended
        found, turned = None, time.monotonic()
        if turned - began + slowest > tries.seconds:
            continue
        try:
            on_look(best)
            picture = paint_another(number)
            found = Looked(picture, look(checker, [picture], plan)[0], number)
        except Stopped:
            continue
        except (GenerationError, RefusedResult) as error:
            LOG.warning("could not paint another try: %s", error)
        slowest = max(slowest, time.monotonic() - turned)


def search(first: Looked, most: int, before: Checklist = ()) -> Generator[tuple[int, Looked], Looked | None, Looked]:
    """Yield the number of the next try and the best so far as long as another is wanted; return the best.

    Whoever paints sends each try, looked at, or None where there will be none. So the tries of one picture are painted
    one after the other, and those of many pictures in step.

    Args:
        before: as in `best_of`.
    """
    best, known = first, set(missing(before))
    for number in range(2, most + 1):
        if not set(missing(best.checks or ())) - known:
            break
        found = yield number, best
        if found is None or found.checks is None or found.checks == best.checks:
            break  # what two seeds miss alike, others will miss too
        if absent(found) < absent(best):
            best = found
    return best


def absent(looked: Looked) -> int:
    """Return how much is missing; a thing that is not there counts with all that was to be seen of it."""
    return sum(not check.found for check in looked.checks or ())
