"""What looks at pictures: the captioner's words, a list of pictures, words of one's own; and all of it in the flow."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from assistant.errors import PolicyError, RefusedUpload
from assistant.messages import TurnOptions, TurnStatus
from assistant.policy import Allowed, Level, Refused, WordPolicy
from assistant.policy_model import SmallModel
from assistant.policy_own import OwnWords, read_own_words
from assistant.policy_pictures import Captioned, LookingPolicy, PictureList, SafetyModel, check_story
from assistant.rewriter import FakeRewriter
from assistant.story import Story, told
from assistant.training.samples import random_samples
from assistant.turns import Turns
from assistant.uploads import read_upload
from captioner.errors import DataError
from captioner.known import KnownPictures, look_at, read_known
from captioner.pictures import read_picture
from captioner.remembering import RememberingCaptioner
from captioner.request import FakeCaptioner, FakeChecker
from captioner.world.scene import CORE
from generation.request import FakePainter
from tests.conversing import said, talking
from tests.fakes import SlowPainter, fake_plan
from tests.test_story import RECIPE, STORY
from ui.settings import Settings
from ui.wiring import build, load_policy


def encoded(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


def drawing(seed: int, size: int = 320) -> Image.Image:
    """Return a picture with large patches, which look alike at every size."""
    patches = np.random.default_rng(seed).integers(0, 255, (5, 5, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize((size, size), Image.Resampling.BICUBIC)


class Sees(FakeCaptioner):
    """Says the same of every picture."""

    def __init__(self, says: str):
        super().__init__()
        self.says = says

    def caption(self, pictures: Sequence[Any], *args: Any, **more: Any) -> list[str]:
        super().caption(pictures, *args, **more)
        return [self.says] * len(pictures)


def captioned(says: str, words: WordPolicy | None = None, **more: Any) -> LookingPolicy:
    words = words or WordPolicy(own=OwnWords(["skull*"]))
    return LookingPolicy(words, [Captioned(lambda pictures: [says] * len(pictures), words, **more)])


def alike(*seeds: int) -> LookingPolicy:
    """Return a policy with a list of drawings."""
    known = KnownPictures()
    for seed in seeds:
        known.add(look_at(encoded(drawing(seed))), f"drawing {seed}")
    return LookingPolicy(WordPolicy(), [PictureList(known.name_of)])


# Words of one's own.


def test_words_of_ones_own_are_refused_at_every_level_however_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# ours\nskull*\nblack  MAGIC # a phrase\nÉclair\n骷髅\n\n", "utf-8")
    policy = WordPolicy(own=read_own_words(file))
    for words in ("a pile of Skulls", "a sk\u200bull", "black\nmagic", "an eclair", "一个骷髅在草地上", "s k u l l"):
        for level in ("auto", "low"):
            decision = policy.check_message(words, level)  # type: ignore[arg-type]
            assert isinstance(decision, Refused) and decision.by == "own words", words
    decision = policy.check_prompt("a skullcap")
    assert isinstance(decision, Refused) and decision.rule == "own words: skullcap"
    assert decision.reason == "“skullcap” is not drawn here; say what should be seen without it."
    assert policy.check_message("a numbskull, black and magic eclairs") == Allowed()


@pytest.mark.parametrize(("text", "said_so"), [("***", "Line 1 of"), ("a\n" + "b" * 201, "Line 2 of")])
def test_a_line_that_is_no_word_is_named(tmp_path: Path, text: str, said_so: str) -> None:
    file = tmp_path / "words.txt"
    file.write_text(text)
    with pytest.raises(PolicyError, match=said_so):
        read_own_words(file)


def test_files_that_are_not_there_are_named_before_anything_is_painted(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"cannot be read \(No such file or directory\); mend LIMNER_POLICY_WORDS"):
        load_policy(Settings(policy_words=tmp_path / "none.txt"))
    with pytest.raises(DataError, match=r"cannot be read \(No such file or directory\); give a file of looks"):
        load_policy(Settings(policy_pictures=tmp_path / "none.txt"))


# What is seen in pictures.


@pytest.mark.parametrize(
    ("caption", "rule", "seen", "at_low"),
    [
        ("A severed head lies on a table.", "gore", "gore", False),
        ("A naked child stands there.", "children", "a child in a sexual way", True),
        ("A flag with a swastika.", "hate", "a hateful symbol", True),
        ("Donald Trump on a horse.", "likeness", "a person of public life", True),
        ("A rat by Banksy.", "artist", "the style of an artist of our time", True),
        ("Two skulls on a shelf.", "own words: skulls", "skulls", True),
    ],
)
def test_what_is_seen_in_a_picture_is_held_to_the_rules_for_words(
    caption: str, rule: str, seen: str, at_low: bool
) -> None:
    policy = captioned(caption)
    (upload,), (result,) = policy.check_pictures([b""], "upload"), policy.check_pictures([b""], "result")
    assert isinstance(upload, Refused) and isinstance(result, Refused)
    assert (upload.rule, result.rule) == (rule, rule) and upload.by.startswith("captioner and ")
    assert upload.reason == f"Your picture was refused for what is seen in it ({seen}); bring another one."
    assert result.reason == f"What was painted was refused for what is seen in it ({seen}); ask for another picture."
    (low,) = policy.check_pictures([b""], "upload", "low")
    assert isinstance(low, Refused) == at_low
    assert policy.may_show(b"", "auto")


def test_the_small_model_reads_captions_too() -> None:
    words = WordPolicy(SmallModel())
    (decision,) = captioned("Guts hanging out, blood gushing from the neck.", words).check_pictures([b""], "result")
    assert isinstance(decision, Refused) and decision.by == "captioner and small model"


def test_nothing_that_is_said_of_the_picture_world_is_refused() -> None:
    policy = load_policy(Settings())
    prompts = [sample.path.versions[-1].prompt for sample in random_samples(5, 400, CORE) if sample.path.versions]
    assert len(set(prompts)) > 100
    assert [prompt for prompt in prompts if policy.check_prompt(prompt) != Allowed()] == []


def test_a_captioner_is_not_asked_of_what_is_not_of_its_world_nor_of_what_is_refused_already() -> None:
    policy = captioned("a skull", stages=("upload",))
    assert policy.check_pictures([b""], "result") == ()
    asked: list[bytes] = []

    def captions(pictures: Sequence[bytes]) -> list[str]:
        asked.extend(pictures)
        return ["a bunny"] * len(pictures)

    words = WordPolicy()
    lists = alike(1).lookers
    both = LookingPolicy(words, [*lists, Captioned(captions, words)])
    bad, good = encoded(drawing(1)), encoded(drawing(2))
    refused, passed = both.check_pictures([bad, good], "upload")
    assert asked == [good] and isinstance(refused, Refused) and refused.by == "picture list"
    assert isinstance(passed, Allowed) and passed.by == "picture list, captioner"


# Pictures on a list.


def test_a_picture_is_known_again_at_any_size_and_compression_and_others_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "refused"
    folder.mkdir()
    (folder / "one.png").write_bytes(encoded(drawing(1)))
    (folder / "two.jpg").write_bytes(encoded(drawing(2), "JPEG", quality=80))
    lines = tmp_path / "refused.txt"
    looks = [look_at(encoded(drawing(seed))) for seed in (1, 2)]
    lines.write_text(f"# two of them\n{looks[0].upper()}  one.png\n{looks[1]}\n")
    for known in (read_known(folder), read_known(lines)):
        for picture in (drawing(1), drawing(1).resize((90, 90)), drawing(1, 900)):
            for kind in ("PNG", "JPEG", "WEBP"):
                assert known.name_of(encoded(picture, kind)) == "one.png"
        assert known.name_of(encoded(drawing(2))) in ("two.jpg", looks[1])
        assert all(known.name_of(encoded(drawing(seed))) is None for seed in range(3, 60))
        assert known.name_of(encoded(drawing(3))) is None, "to be asked about is not to be listed"


def test_a_list_that_cannot_be_used_names_its_line(tmp_path: Path) -> None:
    lines = tmp_path / "refused.txt"
    lines.write_text(f"{look_at(encoded(drawing(1)))}\nthat one\n")
    with pytest.raises(DataError, match=r"Line 2 of .* 'that'; `limner policy look PICTURE` writes such lines"):
        read_known(lines)
    lines.write_text(look_at(encoded(Image.new("RGB", (300, 300), "white"))))
    with pytest.raises(DataError, match=r"line 1 of .* shows nothing that it could be known by"):
        read_known(lines)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"broken\.png cannot be put on the list of pictures: it is no picture"):
        read_known(tmp_path)


# What a file tells of itself.


@pytest.mark.parametrize(("level", "passes"), [("auto", False), ("low", True)])
def test_what_a_file_tells_is_refused_like_any_words(tmp_path: Path, level: Level, passes: bool) -> None:
    upload = read_upload(told(encoded(drawing(1)), Story("a gory fight, blood everywhere"), "Limner"))
    assert upload.story
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        if passes:
            turns.bring(talk, upload, moderation=level)
        else:
            with pytest.raises(RefusedUpload, match=r"file tells of it was refused \(gore\); bring the"):
                turns.bring(talk, upload, moderation=level)
        assert len(turns.versions(talk)) == passes
        (row,) = turns.decisions.of_person("you")
        assert (row.stage, row.verdict, row.policy) == ("upload", "allowed" if passes else "refused", "words")
        assert passes or not list((tmp_path / "blobs").rglob("*.png"))


def test_names_in_a_files_words_come_back_in_other_words_without_the_recipe_that_holds_them(tmp_path: Path) -> None:
    recipe = RECIPE.__class__(**{**vars(RECIPE), "prompt": "Donald Trump on a horse"})
    story = Story("Donald Trump on a horse", "in the style of Banksy", recipe)
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        turns.bring(talk, read_upload(told(encoded(drawing(1)), story, "Limner")))
        turns.bring(talk, read_upload(told(encoded(drawing(2)), STORY, "Limner")))
        first, second = turns.versions(talk)
    assert (first.prompt, first.recipe) == ("a politician on a horse", None)
    assert second.prompt == STORY.prompt and second.recipe and second.recipe.seed == 7
    changed, _ = check_story(WordPolicy(), story)
    assert changed.change.startswith("in a style of black stencils")
    hidden = RECIPE.__class__(**{**vars(RECIPE), "change": "a swastika"})
    assert isinstance(check_story(WordPolicy(), Story("a flag", "", hidden))[1], Refused)


# In the flow.


def test_a_result_that_is_refused_leaves_nothing_and_the_turn_says_why(tmp_path: Path) -> None:
    policy = captioned("A skull grins.")
    with talking(tmp_path, painter=SlowPainter(0.2), policy=policy, checker=FakeChecker()) as turns:
        talk = turns.new_conversation().id
        turns.start()
        turn = turns.submit(talk, "a bunny")
        events = list(turns.events(turn))
        result = turns.result(turn)
        rows = [(one.stage, one.verdict, one.policy, one.rule) for one in turns.decisions.of_turn(turn, "you")]
        assert turns.versions(talk) == () and turns._previews == {}
        assert (result.status, result.act) == (TurnStatus.DONE, "refuse")
    assert result.reply.startswith("What was painted was refused for what is seen in it (skull)")
    assert rows[-1] == ("result", "refused", "captioner and own words", "own words: skull")
    assert not [place for place in (tmp_path / "blobs").rglob("*") if place.is_file() and place.name != ".lock"]
    assert not any(event.data.get("finished") for event in events), "a finished picture is looked at before it is shown"
    assert any(event.image for event in events), "an unfinished one is seen as it is painted"


def test_of_several_pictures_none_is_kept_where_one_is_refused_and_each_decision_has_its_row(tmp_path: Path) -> None:
    words = WordPolicy(own=OwnWords(["skull"]))
    policy = LookingPolicy(words, [Captioned(lambda pictures: ["a bunny", "a skull", "a bunny"], words)])
    with talking(tmp_path, policy=policy) as turns:
        talk = turns.new_conversation().id
        result = said(turns, talk, "a bunny", options=TurnOptions(count=3))
        rows = [one.verdict for one in turns.decisions.of_turn(result.turn, "you") if one.stage == "result"]
        assert result.act == "refuse" and turns.versions(talk) == ()
    assert rows == ["allowed", "refused", "allowed"]


def test_another_try_that_is_refused_is_left_and_the_first_one_kept(tmp_path: Path) -> None:
    words = WordPolicy(own=OwnWords(["skull"]))
    captions = iter(["a bunny", "a skull"])
    policy = LookingPolicy(words, [Captioned(lambda pictures: [next(captions)], words)])
    checker, seeds = FakeChecker(lambda image, word: word != "hat"), iter(range(100))
    with talking(tmp_path, policy=policy, checker=checker, seeds=lambda: next(seeds)) as turns:
        talk = turns.new_conversation().id
        result = said(turns, talk, "a hat")
        rows = [one.verdict for one in turns.decisions.of_turn(result.turn, "you") if one.stage == "result"]
        assert result.versions == ("v1",) and len(turns.versions(talk)) == 1
    assert rows == ["allowed", "refused"]


def test_a_preview_that_is_on_the_list_is_held_back(tmp_path: Path) -> None:
    class Known:
        def __init__(self) -> None:
            self.seen = 0

        def __call__(self, picture: bytes) -> str | None:
            self.seen += 1
            return "a drawing"

    def painted(found: Callable[[bytes], str | None], folder: Path) -> bool:
        policy = LookingPolicy(WordPolicy(), [PictureList(found)])
        with talking(folder, painter=SlowPainter(0.2), policy=policy) as turns:
            turns.start()
            return any(event.image for event in turns.events(turns.submit(turns.new_conversation().id, "a bunny")))

    known = Known()
    assert not painted(known, tmp_path / "one") and known.seen > 1
    assert painted(lambda picture: None, tmp_path / "two")


def test_pictures_that_were_painted_before_are_looked_at_again(tmp_path: Path) -> None:
    with talking(tmp_path) as turns:
        said(turns, turns.new_conversation().id, "a bunny", options=TurnOptions(seed=3))
    painter = FakePainter()
    with talking(tmp_path, painter=painter, policy=captioned("a skull")) as turns:
        result = said(turns, turns.new_conversation().id, "a bunny", options=TurnOptions(seed=3))
    assert result.act == "refuse"


# Put together as the command does.


def test_each_picture_is_captioned_once_for_the_policy_the_check_the_page_and_its_own_words(tmp_path: Path) -> None:
    captioner = FakeCaptioner()
    app = build(Settings(data=tmp_path, tries=1), FakePainter(), FakeRewriter(fake_plan), captioner)
    try:
        turns: Turns = app.turns
        talk = turns.new_conversation().id
        result = said(turns, talk, "draw a red bunny with a hat")
        assert result.checks and len(captioner.captioned) == 1
        assert app.captioner and app.captioner.describe(turns.picture(result.image or ""))
        assert len(captioner.captioned) == 1
        turns.bring(talk, read_upload(encoded(drawing(1))))
        assert len(captioner.captioned) == 2 and turns.versions(talk)[-1].prompt.startswith("a descriptive caption")
        said(turns, talk, "draw a bunny", options=TurnOptions(count=3))
        assert len(captioner.captioned) == 5 and len({digest for digest, _ in captioner.captioned}) == 5
    finally:
        app.close()


def test_what_another_painter_paints_is_not_captioned_and_what_people_bring_is(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("caption")
    settings = Settings(data=tmp_path / "data", painter="some/model", policy_words=words)
    captioner = FakeCaptioner()
    app = build(settings, FakePainter(), FakeRewriter(fake_plan), captioner)
    try:
        talk = app.turns.new_conversation().id
        assert said(app.turns, talk, "draw a bunny").versions == ("v1",) and not captioner.captioned
        with pytest.raises(RefusedUpload, match="caption"):
            app.turns.bring(talk, read_upload(encoded(drawing(1))))
    finally:
        app.close()


def test_a_captioner_says_again_what_it_said_and_forgets_the_oldest() -> None:
    captioner = FakeCaptioner()
    remembering = RememberingCaptioner(captioner, most=2)
    one, two, three = (read_picture(encoded(drawing(seed)), 16) for seed in range(3))
    expected = [captioner.caption([picture], "short")[0] for picture in (one, two, one)]
    captioner.captioned.clear()
    assert remembering.caption([one, two, one], "short") == expected
    assert remembering.caption([two], "short") == expected[1:2] and len(captioner.captioned) == 2
    assert remembering.caption([two], "descriptive") != expected[1:2] and remembering.caption([three], "short")
    assert len(captioner.captioned) == 4
    remembering.caption([one], "short")
    assert len(captioner.captioned) == 5 and remembering.abilities() == captioner.abilities()


# A classifier.


class Classifies:
    name = "a/classifier"

    def __init__(self, one_each: bool, **scores: float):
        self.one_each = one_each
        self.given = scores

    def labels(self) -> tuple[str, ...]:
        return tuple(self.given)

    def has_one_each(self) -> bool:
        return self.one_each

    def scores(self, pictures: Sequence[bytes]) -> list[dict[str, float]]:
        return [self.given] * len(pictures)


def refused(model: SafetyModel, level: Level = "auto") -> str:
    (decision,) = model.look([b""], "result", level)
    assert decision.by == "a/classifier" and model.may_show(b"", level) == isinstance(decision, Allowed)
    return decision.rule if isinstance(decision, Refused) else ""


def test_a_classifier_refuses_what_is_surely_of_the_labels_to_refuse() -> None:
    assert refused(SafetyModel(Classifies(True, normal=0.4, nsfw=0.6))) == "nsfw"
    assert refused(SafetyModel(Classifies(True, normal=0.4, nsfw=0.6)), "low") == ""
    assert refused(SafetyModel(Classifies(True, normal=0.05, nsfw=0.95)), "low") == "nsfw"
    assert refused(SafetyModel(Classifies(True, normal=0.4, nsfw=0.6), threshold=0.7)) == ""
    assert refused(SafetyModel(Classifies(True, Porn=0.3, Hentai=0.31, Neutral=0.39))) == "Hentai", "they add up"
    assert refused(SafetyModel(Classifies(False, Porn=0.3, Hentai=0.31, Neutral=0.39))) == "", "each for itself"
    assert refused(SafetyModel(Classifies(True, cat=0.9, dog=0.1), labels=["Cat"])) == "cat"
    (decision,) = SafetyModel(Classifies(True, nsfw=1.0)).look([b""], "upload", "auto")
    assert isinstance(decision, Refused)
    assert decision.reason == "Your picture was refused by a/classifier (nsfw); bring another one."


def test_labels_that_a_classifier_has_not_are_named_with_those_that_it_has() -> None:
    with pytest.raises(PolicyError, match=r"has no label 'nsfw'; its labels are cat, dog\. Set LIMNER_SAFETY_LABELS"):
        SafetyModel(Classifies(True, cat=0.9, dog=0.1), labels=["nsfw"]).load()
    with pytest.raises(PolicyError, match="has no label that is known to mean harm; its labels are cat, dog"):
        SafetyModel(Classifies(True, cat=0.9, dog=0.1)).load()
