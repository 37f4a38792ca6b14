"""What looks at pictures for the policy, people's own and what was painted, each before it is kept or shown.

Several may look, the cheapest first: a list of pictures that are not wanted here, what a captioner sees in them (held
to the rules for words), a safety model. The first that refuses decides. Knows no models: who sees comes from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.errors import PolicyError
from assistant.policy import Allowed, Altered, Decision, Level, PictureStage, Policy, Refused, WordPolicy
from assistant.story import Story

STAGES: tuple[PictureStage, ...] = ("upload", "result")
SEEN = {
    "children": "a child in a sexual way",
    "gore": "gore",
    "hate": "a hateful symbol",
    "likeness": "a person of public life",
    "artist": "the style of an artist of our time",
}
"""What a picture is said to show, by the rule for words that refuses it."""
UNSAFE = frozenset(
    {"nsfw", "unsafe", "porn", "pornography", "hentai", "sexy", "sexual", "explicit", "gore", "violence", "hate"}
)
"""Labels that mean a picture to refuse in the classifiers that people use, where none are set."""


class Looker(Protocol):
    """Looks at pictures. `name` stands in the records."""

    name: str

    def look(self, pictures: Sequence[bytes], stage: PictureStage, level: Level) -> Sequence[Decision]:
        """Return a decision for each, allowed or refused; none at all where pictures of this stage are not its own.

        Raises:
            ModelError, CaptionerError, GenerationError: it cannot look.
        """
        ...

    def may_show(self, preview: bytes, level: Level) -> bool:
        """Say whether an unfinished picture may be seen before the finished one is looked at. Raises: as `look`."""
        ...


class LookingPolicy:
    """A `Policy` for words, and those who look at pictures before it is asked of them.

    Args:
        words: decides on words, and then on pictures that all others let pass, if it looks at any.
        lookers: are asked in this order.
    """

    def __init__(self, words: Policy, lookers: Sequence[Looker]):
        self.words = words
        self.lookers = tuple(lookers)
        self.name = words.name

    def check_message(self, message: str, level: Level = "auto") -> Decision:
        return self.words.check_message(message, level)

    def check_prompt(self, prompt: str, level: Level = "auto") -> Decision:
        return self.words.check_prompt(prompt, level)

    def check_pictures(
        self, pictures: Sequence[bytes], stage: PictureStage, level: Level = "auto"
    ) -> Sequence[Decision]:
        """Return a decision for each picture, as `Policy.check_pictures`; what one refuses, no other is asked of."""
        refused: dict[int, Refused] = {}
        looked: dict[str, None] = {}
        for look in (*(one.look for one in self.lookers), self.words.check_pictures):
            left = [at for at in range(len(pictures)) if at not in refused]
            found = look([pictures[at] for at in left], stage, level) if left else ()
            for at, decision in zip(left, found, strict=bool(found)):
                if isinstance(decision, Refused):
                    refused[at] = decision
                looked[decision.by] = None
        if not looked:
            return ()
        everybody = Allowed(", ".join(looked))
        return [refused.get(at, everybody) for at in range(len(pictures))]

    def may_show(self, preview: bytes, level: Level = "auto") -> bool:
        return self.words.may_show(preview, level) and all(one.may_show(preview, level) for one in self.lookers)


class Captioned:
    """Holds what a captioner sees in pictures to the rules for words, those of one's own included.

    What would be put in other words is refused: a picture has none. It sees what its captioner has words for. Nothing
    is asked of an unfinished picture, in which a captioner sees little, and would take as long as a step of painting.

    Args:
        captions: says what pictures show, in their order. Raises: CaptionerError.
        words: the rules.
        stages: which pictures the captioner can speak of.
    """

    name = "captioner"

    def __init__(
        self, captions: Callable[[Sequence[bytes]], Sequence[str]], words: WordPolicy,
        stages: Sequence[PictureStage] = STAGES,
    ):  # fmt: skip
        self._captions = captions
        self._words = words
        self._stages = stages

    def look(self, pictures: Sequence[bytes], stage: PictureStage, level: Level) -> Sequence[Decision]:
        if stage not in self._stages:
            return ()
        return [self._decided(caption, stage, level) for caption in self._captions(pictures)]

    def _decided(self, caption: str, stage: PictureStage, level: Level) -> Decision:
        decision = self._words.check_prompt(caption, level)
        if isinstance(decision, Allowed):
            return Allowed(self.name)
        seen = thing_of(decision.rule)
        reason = (
            f"Your picture was refused for what is seen in it ({seen}); bring another one."
            if stage == "upload"
            else f"What was painted was refused for what is seen in it ({seen}); ask for another picture."
        )
        return Refused(reason, decision.rule, f"{self.name} and {decision.by}")

    def may_show(self, preview: bytes, level: Level) -> bool:
        return True


class PictureList:
    """Refuses pictures that look like those of a list, at every level.

    Args:
        found: returns the name of the picture on the list that a file looks like, or None. Raises: CaptionerError.
    """

    name = "picture list"

    def __init__(self, found: Callable[[bytes], str | None]):
        self._found = found

    def look(self, pictures: Sequence[bytes], stage: PictureStage, level: Level) -> Sequence[Decision]:
        return [self._decided(self._found(picture), stage) for picture in pictures]

    def _decided(self, name: str | None, stage: PictureStage) -> Decision:
        if name is None:
            return Allowed(self.name)
        if stage == "upload":
            return Refused("Your picture is one that is not taken here; bring another one.", f"like {name}", self.name)
        reason = "What was painted looks like a picture that is not made here; ask for another one."
        return Refused(reason, f"like {name}", self.name)

    def may_show(self, preview: bytes, level: Level) -> bool:
        return self._found(preview) is None


class Classifier(Protocol):
    """Says how likely pictures are of which kind."""

    name: str

    def labels(self) -> Sequence[str]:
        """Return the kinds that it knows. Raises: GenerationError: it cannot be used."""
        ...

    def has_one_each(self) -> bool:
        """Say whether each picture is of one kind, so that the scores sum up to 1. Raises: GenerationError."""
        ...

    def scores(self, pictures: Sequence[bytes]) -> Sequence[Mapping[str, float]]:
        """Return how likely each picture is of each kind, 0 to 1. Raises: GenerationError: it cannot be used."""
        ...


class SafetyModel:
    """Refuses pictures that a classifier takes for one of a few kinds.

    What is unfinished is looked at as well and, where it is refused, not shown; the finished picture decides.

    Args:
        labels: the kinds to refuse; none takes those of the classifier that are in `UNSAFE`.
        threshold, low_threshold: how sure it must be at the levels `auto` and `low`, 0 to 1.
    """

    def __init__(
        self, classifier: Classifier, labels: Sequence[str] = (), threshold: float = 0.5, low_threshold: float = 0.9
    ):
        self.name = classifier.name
        self._classifier = classifier
        self._wanted = tuple(label.strip().lower() for label in labels if label.strip())
        self._thresholds: dict[Level, float] = {"auto": threshold, "low": max(threshold, low_threshold)}
        self._labels: tuple[str, ...] = ()

    def load(self) -> tuple[str, ...]:
        """Return the labels that it refuses, once the classifier is there.

        Raises:
            PolicyError: it has not a label that shall be refused.
            GenerationError: it cannot be used.
        """
        if not self._labels:
            known = tuple(self._classifier.labels())
            wanted = self._wanted or tuple(label.lower() for label in known if label.lower() in UNSAFE)
            missing = [label for label in wanted if label not in {one.lower() for one in known}]
            if missing or not wanted:
                named = f"has no label {missing[0]!r}" if missing else "has no label that is known to mean harm"
                raise PolicyError(
                    f"The safety model {self.name} {named}; its labels are {', '.join(known[:20])}. Set "
                    "LIMNER_SAFETY_LABELS to those that shall be refused."
                )
            self._labels = tuple(label for label in known if label.lower() in wanted)
        return self._labels

    def look(self, pictures: Sequence[bytes], stage: PictureStage, level: Level) -> Sequence[Decision]:
        return [self._decided(label, stage) for label in self._refused(pictures, level)]

    def _decided(self, label: str, stage: PictureStage) -> Decision:
        if not label:
            return Allowed(self.name)
        return Refused(refused_by(self.name, label, stage), label, self.name)

    def _refused(self, pictures: Sequence[bytes], level: Level) -> list[str]:
        """Return for each picture the likeliest label that refuses it, or ""."""
        labels = self.load()
        # A picture that is half of one kind to refuse and half of another is surely one to refuse.
        sure = sum if self._classifier.has_one_each() else max
        likeliest = []
        for scores in self._classifier.scores(pictures):
            found = {label: scores[label] for label in labels}
            enough = sure(found.values()) >= self._thresholds[level]
            likeliest.append(max(found, key=lambda label: found[label]) if enough else "")
        return likeliest

    def may_show(self, preview: bytes, level: Level) -> bool:
        return not self._refused([preview], level)[0]


def refused_by(name: str, labels: str, stage: PictureStage) -> str:
    """Return the sentence for a picture that a model refuses, here or behind an address."""
    if stage == "upload":
        return f"Your picture was refused by {name} ({labels}); bring another one."
    return f"What was painted was refused by {name} ({labels}); ask for another picture."


def thing_of(rule: str) -> str:
    """Return what a rule for words is about, for a sentence; of a word of one's own, that word."""
    return SEEN.get(rule.split("+")[0]) or rule.partition(": ")[2] or rule


def check_story(policy: Policy, story: Story, level: Level = "auto") -> tuple[Story, Decision]:
    """Return what a picture's file tells of it as it may come back, and what was decided of its words.

    Names that are put in other words are so here, too; the recipe, which holds them, is then left out, for it would no
    longer be the one that painted the picture.

    Raises:
        ModelError: who decides cannot be had.
    """
    recipe = story.recipe
    told = [story.prompt, story.change, *((recipe.prompt, recipe.change) if recipe else ())]
    decision = policy.check_prompt("\n".join(dict.fromkeys(filter(None, told))), level)
    if isinstance(decision, Refused):
        reason = (
            f"What your picture's file tells of it was refused ({thing_of(decision.rule)}); bring the picture without "
            "that, or bring another one."
        )
        return story, replace(decision, reason=reason)
    if isinstance(decision, Allowed):
        return story, decision
    prompt, change = (_in_other_words(policy, words, level) for words in (story.prompt, story.change))
    return replace(story, prompt=prompt, change=change, recipe=None), decision


def _in_other_words(policy: Policy, words: str, level: Level) -> str:
    decision = policy.check_prompt(words, level) if words else Allowed()
    return decision.text if isinstance(decision, Altered) else words
