"""The words of the picture world: captions say what is there, edits change it, requests ask for it."""

from __future__ import annotations

import difflib
import random
import time

import pytest

from captioner.errors import WorldError
from captioner.world import words
from captioner.world.asking import typos
from captioner.world.captions import ALT_HIGH, ALT_LOW, AltRates, alt_text, descriptive, short
from captioner.world.edits import EDITS, FOLLOWING, Edit, apply_kind, random_edit, random_pair, reverted
from captioner.world.phrasings import expanded, slice_of
from captioner.world.requests import random_request, templates
from captioner.world.sample import held_out_scene, random_scene
from captioner.world.scene import (
    COLOURS,
    CORE,
    EXTRAS,
    FULL,
    MAX_JOY,
    MOODS,
    PATTERNS,
    PLACES,
    RELATIONS,
    STYLES,
    SUBJECTS,
    TIMES,
    WEATHERS,
    WORN,
    Item,
    Scene,
    Thing,
    WorldSetting,
    is_held_out,
)

BOTH = pytest.mark.parametrize("setting", [CORE, FULL], ids=["core", "full"])
BUNNY = Scene(things=(Thing(id=1, kind="bunny", colour="white", mood=3),), place="meadow")


def scenes(setting: WorldSetting, number: int = 300) -> list[Scene]:
    return [random_scene(seed, setting) for seed in range(number)]


def words_changed(before: str, after: str) -> int:
    old, new = before.split(), after.split()
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in blocks if tag != "equal")


@BOTH
def test_descriptive_captions_have_30_to_90_words(setting: WorldSetting):
    lengths = [len(descriptive(scene, seed).split()) for seed, scene in enumerate(scenes(setting, 2000))]
    assert min(lengths) >= 30
    assert max(lengths) <= 90
    assert 35 <= sorted(lengths)[len(lengths) // 2] <= 60


def test_a_scene_with_everything_in_it_still_has_at_most_90_words():
    things = tuple(
        Thing(
            id=number, kind="bunny", colour="white", pattern="striped", mood=4, joy=3, size="large", side=side,
            worn=(an_item("hat"), an_item("scarf")), held=an_item("balloon"),
        )
        for number, side in ((1, "left"), (2, "right"))
    )  # fmt: skip
    scene = Scene(things, "castle yard", "evening", "fog", "pixel art", "wide", extras=("rainbow", "tree"))
    assert max(len(descriptive(scene, seed).split()) for seed in range(200)) <= 90


@BOTH
def test_descriptive_captions_say_every_fact(setting: WorldSetting):
    for seed, scene in enumerate(scenes(setting)):
        text = descriptive(scene, seed)
        assert words.PLACE_NAMES[scene.place][1] in text
        assert said(words.STYLE_WORDS[scene.style], text)
        assert said(words.FRAMING_WORDS[scene.framing], text)
        assert said(words.TIME_WORDS[scene.time], text)
        assert said(words.WEATHER_WORDS[scene.weather], text)
        assert all(said(words.EXTRA_WORDS[extra], text) for extra in scene.extras)
        for thing in scene.things:
            noun = words.plural(thing.kind) if thing.count > 1 else thing.kind
            pattern = words.PATTERN_WORDS[thing.pattern]
            assert said([" ".join(filter(None, [thing.colour, word, noun])) for word in pattern or [""]], text)
            assert thing.count == 1 or words.NUMBERS[thing.count] in text.lower()
            assert not words.SIZE_WORDS[thing.size] or said(words.SIZE_WORDS[thing.size], text)
            assert thing.mood is None or said(words.MOOD_WORDS[thing.mood], text)
            assert not thing.joy or "joy" in text
            assert thing.joy < 2 or "sunbeams" in text
            assert thing.joy < 3 or "hearts" in text
            assert thing.joy or thing.pose == "standing" or said(words.POSE_WORDS[thing.pose], text)
            assert not thing.words or f'"{thing.words}"' in text
            for item in [*thing.worn, *([thing.held] if thing.held else [])]:
                assert f"{item.colour} {words.plural(item.kind) if thing.count > 1 else item.kind}" in text
        assert all(said(words.RELATION_WORDS[relation.kind], text) for relation in scene.relations)


@BOTH
def test_descriptive_captions_say_nothing_that_is_not_there(setting: WorldSetting):
    for seed, scene in enumerate(scenes(setting)):
        text = f" {descriptive(scene, seed).lower()} "
        present = {word for thing in scene.things if thing.mood is not None for word in words.MOOD_WORDS[thing.mood]}
        absent = {word for degree in words.MOOD_WORDS for word in degree} - present
        assert not [word for word in absent if f" {word} " in text or f" {word}," in text or f" {word}." in text]
        assert "plain" not in text
        worn = {item.kind for thing in scene.things for item in thing.worn}
        assert not [kind for kind in WORN if kind not in worn and f" {kind} " in text]


def test_captions_depend_on_scene_and_seed_only():
    for seed, scene in enumerate(scenes(FULL, 50)):
        assert descriptive(scene, seed) == descriptive(Scene.from_json(scene.to_json()), seed)
        assert alt_text(scene, seed) == alt_text(scene, seed)
    assert len({descriptive(BUNNY, seed) for seed in range(100)}) > 90


@pytest.mark.parametrize(
    ("kinds", "most"),
    [
        (("mood_up", "mood_down", "set_mood"), 8),
        (("recolour",), 4),
        (("add_worn", "remove_worn", "recolour_worn"), 8),
        (("time", "weather"), 9),
        (("style", "closer", "wider"), 7),
        (("pose_jump", "pose_wave", "pose_stand"), 5),
        (("bigger", "smaller"), 2),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_an_edit_of_one_attribute_changes_few_words(kinds: tuple[str, ...], most: int):
    rng = random.Random(5)
    counts = []
    for seed, scene in enumerate(scenes(CORE, 150)):
        edit = try_edit(scene, rng, CORE, kinds)
        if edit and edit.before.main.joy == edit.after.main.joy:  # joy brings sunbeams, hearts and flowers
            counts.append(words_changed(descriptive(scene, seed), descriptive(edit.after, seed)))
    assert counts
    assert max(counts) <= most
    assert min(counts) >= 1


def test_happier_changes_the_mood_word_and_leaves_the_other_sentences_alone():
    for seed in range(60):
        sadder = BUNNY.with_thing(Thing(id=1, kind="bunny", colour="white", mood=1))
        before, after = descriptive(sadder, seed).split(". "), descriptive(BUNNY, seed).split(". ")
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_short_captions_have_3_to_12_words_and_name_the_subject():
    for seed, scene in enumerate(scenes(FULL)):
        text = short(scene, seed)
        assert 3 <= len(text.split()) <= 12
        assert words.plural(scene.main.kind) in text or scene.main.kind in text
        assert scene.main.colour in text


@pytest.mark.parametrize("rates", [ALT_LOW, ALT_HIGH], ids=["low", "high"])
def test_alt_text_is_fair_at_the_stated_rate(rates: AltRates):
    everything = scenes(CORE, 1500)
    fair = sum(alt_text(scene, seed, rates) == short(scene, seed) for seed, scene in enumerate(everything))
    assert abs(fair / len(everything) - rates.fair) < 0.05


def test_alt_text_rates_over_one_are_refused():
    with pytest.raises(ValueError, match="shares of one"):
        AltRates(shop=0.5, file_name=0.5, wrong_fact=0.1, cut_off=0.0, unrelated=0.0)


def test_every_word_of_the_vocabulary_has_words():
    assert set(words.PLACE_NAMES) == set(words.PLACE_DETAILS) == set(PLACES)
    assert set(words.STYLE_WORDS) == set(words.STYLE_SAID) == set(STYLES)
    assert set(words.TIME_WORDS) == set(words.TIME_SAID) == set(words.TIME_AT) == set(TIMES)
    assert set(words.WEATHER_WORDS) == set(words.WEATHER_NOUNS) == set(words.WEATHER_ADJECTIVES) == set(WEATHERS)
    assert set(words.EXTRA_WORDS) == set(EXTRAS)
    assert set(words.PATTERN_WORDS) == set(PATTERNS)
    assert set(words.RELATION_WORDS) == set(RELATIONS)
    assert len(words.MOOD_WORDS) == len(words.MOOD_FACES) == len(MOODS)
    assert set(words.KIND_SYNONYMS) <= set(SUBJECTS)


def test_a_mood_word_tells_its_degree():
    every = [word for degree in words.MOOD_WORDS for word in degree]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("bunny", "bunnies"),
        ("monkey", "monkeys"),
        ("fox", "foxes"),
        ("little mouse", "little mice"),
        ("scarf", "scarves"),
    ],
)
def test_plurals(noun: str, plural: str):
    assert words.plural(noun) == plural


def test_there_are_at_least_25_kinds_of_edit():
    assert len(EDITS) >= 25


@pytest.mark.parametrize("kind", EDITS)
def test_each_kind_of_edit_has_20_phrasings_of_which_a_fifth_is_held_out(kind: str):
    train, held_out = slice_of(kind, False), slice_of(kind, True)
    assert len(set(expanded(kind))) == len(expanded(kind)) >= 20
    assert not set(train) & set(held_out)
    assert held_out == expanded(kind)[4::5]


@BOTH
def test_every_kind_of_edit_happens_and_gives_another_valid_scene(setting: WorldSetting):
    rng = random.Random(1)
    seen: set[str] = set()
    for scene in scenes(setting, 1200):
        edit = random_edit(scene, rng, setting)
        seen.add(edit.kind)
        assert edit.after != edit.before == scene
        assert Scene.from_json(edit.after.to_json()) == edit.after
        assert not is_held_out(edit.after)
        assert all((edit.instruction, edit.change, edit.region))
        assert "{" not in edit.instruction + edit.change + edit.region
        follow = try_edit(edit.after, rng, setting, FOLLOWING, previous=edit)
        seen |= {follow.kind} if follow else set()
    only_full = {"pattern_add", "pattern_remove", "sign_words"}
    assert seen == set(EDITS) - (only_full if setting is CORE else set())


def test_edits_keep_to_the_setting():
    rng = random.Random(2)
    for scene in scenes(CORE, 400):
        after = random_edit(scene, rng, CORE).after
        assert {after.place, after.style, after.time} <= {*CORE.places, *CORE.styles, *CORE.times}
        assert all(thing.kind in CORE.subjects and thing.count <= CORE.max_count for thing in after.things)


def test_the_same_seed_gives_the_same_edit_and_request():
    for scene in scenes(FULL, 50):
        assert random_edit(scene, random.Random(9), FULL) == random_edit(scene, random.Random(9), FULL)
        assert random_request(scene, random.Random(9)) == random_request(scene, random.Random(9))


def test_held_out_phrasings_never_reach_training(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("captioner.world.asking.TYPO_SHARE", 0.0)
    for kind in ("mood_up", "add_worn", "closer"):
        trained = {bare(edit.instruction) for edit in edits_of_bunny(kind, held_out=False)}
        kept = {bare(edit.instruction) for edit in edits_of_bunny(kind, held_out=True)}
        assert len(trained) > len(kept) > 1
        assert not trained & kept


def bare(instruction: str) -> str:
    return instruction.lower().removesuffix(".")


def edits_of_bunny(kind: str, held_out: bool) -> list[Edit]:
    rng = random.Random(3)
    return [random_edit(BUNNY, rng, CORE, [kind], held_out=held_out) for _ in range(400)]


def test_mood_goes_past_the_top_into_joy_and_ends():
    scene = BUNNY.with_thing(Thing(id=1, kind="bunny", colour="white", mood=0))
    degrees = []
    rng = random.Random(0)
    while (change := apply_kind("mood_up", scene, rng, CORE)) is not None:
        scene = change.after
        degrees.append((scene.main.mood, scene.main.joy))
    assert degrees == [(1, 0), (2, 0), (3, 0), (4, 0), (4, 1), (4, 2), (4, MAX_JOY)]


def test_happier_without_a_name_is_about_the_main_subject():
    rng = random.Random(4)
    pairs = [scene for scene in scenes(CORE, 600) if [t.has_face for t in scene.things] == [True, True]]
    for scene in pairs:
        edit = try_edit(scene, rng, CORE, ("mood_up",))
        if edit and edit.target != scene.main.id:
            assert scene.things[1].kind[0] in edit.instruction.lower()
            assert scene.main == edit.after.main
            assert " it " not in edit.instruction


def test_more_goes_on_and_less_goes_back_on_the_same_thing():
    rng = random.Random(6)
    for scene in scenes(CORE, 300):
        edit = try_edit(scene, rng, CORE, ("mood_up", "bigger", "closer"))
        if edit is None:
            continue
        less = random_edit(edit.after, rng, CORE, ["less"], previous=edit)
        assert less.after == scene
        more = try_edit(edit.after, rng, CORE, ("more",), previous=edit)
        if more:
            again = random_edit(more.after, rng, CORE, ["less"], previous=more)
            assert again.after == edit.after


def test_undo_puts_back_one_change_and_keeps_a_later_one():
    rng = random.Random(7)
    recoloured = random_edit(BUNNY, rng, CORE, ["recolour"])
    later = random_edit(recoloured.after, rng, CORE, ["time"])
    back = reverted(later.after, recoloured)
    assert back is not None
    assert back.main == BUNNY.main
    assert back.time == later.after.time


def test_two_changes_can_be_asked_for_at_once():
    rng = random.Random(12)
    pairs = [(scene, random_pair(scene, rng, CORE)) for scene in scenes(CORE, 300)]
    made = [(scene, pair) for scene, pair in pairs if pair]
    assert len(made) > 100
    for scene, pair in made:
        assert pair.before == scene != pair.after
        assert " and " in pair.instruction or " then " in pair.instruction
        assert " and " in pair.change


def test_an_edit_that_cannot_be_says_so():
    with pytest.raises(WorldError, match="no kind of edit"):
        random_edit(BUNNY, random.Random(0), CORE, ["explode"])
    with pytest.raises(WorldError, match="none of the edits"):
        random_edit(BUNNY, random.Random(0), CORE, ["remove_worn"])


def test_typos_slip_once_and_spare_short_words():
    rng = random.Random(8)
    assert typos("no hat", rng) == "no hat"
    slipped = {typos("make the bunny happier", rng) for _ in range(50)}
    assert len(slipped) > 10
    assert all(abs(len(text) - len("make the bunny happier")) <= 1 for text in slipped)


@BOTH
def test_requests_are_kept_by_their_scenes(setting: WorldSetting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("captioner.world.asking.TYPO_SHARE", 0.0)
    rng = random.Random(10)
    for scene in scenes(setting, 600):
        text, wanted = random_request(scene, rng)
        assert "{" not in text
        assert wanted.main.kind == scene.main.kind
        moods = words.MOOD_WORDS[wanted.main.mood] if wanted.main.mood is not None else ()
        if wanted.main.has_face and not said(moods, text) and "happy" not in text.lower():
            assert MOODS[wanted.main.mood or 0] in ("calm", "happy")
        for colour in COLOURS:
            if f" {colour} {scene.main.kind}" in text.lower() and len(scene.things) == 1:
                assert wanted.main.colour == colour


def test_there_are_40_request_templates_and_held_out_ones_are_apart():
    train, held_out = templates(False), templates(True)
    assert len(set(train + held_out)) == len(train + held_out) >= 40
    assert not set(train) & set(held_out)


def test_requests_can_be_made_of_any_scene_in_either_slice():
    rng = random.Random(11)
    for index in range(200):
        assert random_request(held_out_scene(index, FULL), rng, held_out=True)[0]


def test_descriptive_captions_are_made_at_5000_a_second():
    everything = scenes(FULL, 1000)
    start = time.process_time()
    for seed, scene in enumerate(everything):
        descriptive(scene, seed)
    assert len(everything) / (time.process_time() - start) > 5000


def an_item(kind: str) -> Item:
    return Item(kind, "orange")


def said(options: tuple[str, ...] | list[str], text: str) -> bool:
    return any(option.lower() in text.lower() for option in options)


def try_edit(
    scene: Scene, rng: random.Random, setting: WorldSetting, kinds: tuple[str, ...], previous: Edit | None = None
) -> Edit | None:
    try:
        return random_edit(scene, rng, setting, kinds, previous=previous)
    except WorldError:
        return None
