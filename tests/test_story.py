"""Pictures that leave carry their story: read here by C2PA's own reader, by Pillow, and by a parser of others."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import c2pa
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sd_parsers import ParserManager

from assistant import telling
from assistant.credentials import NAME, Credentials, Ingredient, _make
from assistant.errors import CredentialError
from assistant.messages import CreatePlan, MergePlan, TurnOptions, VaryPlan, Version
from assistant.story import SOURCES, Story, bare, parameters, read_story, recipe_json, story_of, told, xmp
from assistant.telling import Teller
from assistant.uploads import read_upload
from generation.request import Recipe
from tests.fakes import build_with_fakes
from tests.pictures import pixels
from tests.serving import serving
from tests.test_cli import run as run
from ui.settings import Settings
from ui.wiring import App

RECIPE = Recipe(
    painter="embedded", weights="0123456789abcdef", act="create", prompt="A white bunny, in a meadow.", change="",
    seed=7, candidate=0, batch=1, steps=10, guidance=2.5, scheduler="euler", width=128, height=96, start="noise",
    world_version=3, libraries={"torch": "2.11"},
)  # fmt: skip
STORY = Story(RECIPE.prompt, "", RECIPE, "v1", (), "ab" * 32, "trainedAlgorithmicMedia")
PNG = "image/png"


def png(colour: str = "tomato", size: tuple[int, int] = (128, 96)) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def credential(data: bytes, kind: str = PNG) -> dict[str, Any]:
    """Return the manifest of a picture whose credentials are sound."""
    reader = c2pa.Reader(kind, io.BytesIO(data))
    assert reader.get_validation_state() == "Valid", reader.json()
    return dict(reader.get_active_manifest() or {})


def actions(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was done, and IPTC's word for how."""
    found = next(one["data"]["actions"] for one in manifest["assertions"] if one["label"].startswith("c2pa.actions"))
    return [(one["action"], one.get("digitalSourceType", "").removeprefix(SOURCES)) for one in found]


@pytest.fixture
def app(tmp_path: Path) -> Any:
    app = build_with_fakes(Settings(data=tmp_path / "data"))
    yield app
    app.close()


def talked(app: App, *messages: str, bring: bytes = b"") -> dict[str, Version]:
    """Return the versions of a conversation by label."""
    talk = app.turns.new_conversation(app.owner)
    if bring:
        app.turns.bring(talk.id, read_upload(bring), owner=app.owner)
    for message in messages:
        app.turns.submit(talk.id, message, owner=app.owner)
        app.turns.run_pending()
    return {version.label: version for version in app.turns.versions(talk.id, app.owner)}


def test_others_read_the_prompt_and_the_settings_as_automatic1111_writes_them() -> None:
    data = told(png(), STORY, "Limner 1.2")
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.info["parameters"] == (
            "A white bunny, in a meadow.\nSteps: 10, Sampler: euler, CFG scale: 2.5, Seed: 7, Size: 128x96, "
            "Model hash: 0123456789, Model: embedded, Version: Limner 1.2"
        )
    parsed = ParserManager().parse(io.BytesIO(data))
    assert parsed is not None and parsed.generator.name == "AUTOMATIC1111"
    assert parsed.full_prompt == "A white bunny, in a meadow."
    sampler = next(iter(parsed.samplers))
    assert (sampler.name, sampler.parameters["seed"], sampler.parameters["steps"]) == ("euler", "7", "10")
    assert sampler.model is not None and (sampler.model.name, sampler.model.hash) == ("embedded", "0123456789")


def test_iptc_says_that_a_model_painted_it() -> None:
    with Image.open(io.BytesIO(told(png(), STORY, 'Limner "1" & <2>'))) as picture:
        packet = picture.info["xmp"]
    described = ElementTree.fromstring(packet).find(".//{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    assert described is not None
    source = described.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
    assert source == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert described.get("{http://ns.adobe.com/xap/1.0/}CreatorTool") == 'Limner "1" & <2>'


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)


@settings(max_examples=60, deadline=None)
@given(prompt=WORDS.filter(str.strip), change=WORDS, seed=st.integers(0, 2**63 - 1))
def test_any_story_is_read_back_as_it_was_told_and_the_kept_bytes_stay(prompt: str, change: str, seed: int) -> None:
    from dataclasses import replace

    story = replace(STORY, prompt=prompt, change=change, recipe=replace(RECIPE, prompt=prompt, seed=seed))
    kept = png(size=(8, 8))
    data = told(kept, story, "Limner")
    assert read_story(data) == story
    assert bare(data) == kept
    assert pixels(data) == pixels(kept)


def test_a_picture_of_automatic1111_gives_its_prompt() -> None:
    from PIL.PngImagePlugin import PngInfo

    info, buffer = PngInfo(), io.BytesIO()
    info.add_text("parameters", "a cat,\non a mat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, Seed: 1")
    Image.new("RGB", (8, 8)).save(buffer, "PNG", pnginfo=info)
    assert read_story(buffer.getvalue()) == Story("a cat,\non a mat")


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": ""}, {"prompt": "a\0b"}, {"prompt": 5}, {"prompt": "x" * 8_001},
        {"format": "other"}, {"format_version": 2}, {"recipe": {"seed": 1}},
        {"recipe.seed": -1}, {"recipe.seed": 2**70}, {"recipe.guidance": float("nan")},
        {"recipe.steps": 10**9}, {"recipe.libraries": {"torch": "\ud800"}}, {"recipe.act": "rm -rf"}, {"source": "me"},
    ],
)  # fmt: skip
def test_a_story_that_cannot_be_is_not_believed_and_its_picture_still_comes_in(change: dict[str, Any]) -> None:
    from PIL.PngImagePlugin import PngInfo

    fields = json.loads(recipe_json(STORY))
    for name, value in change.items():
        place, _, inner = name.partition(".")
        if inner:
            fields[place][inner] = value
        else:
            fields[place] = value
    info, buffer = PngInfo(), io.BytesIO()
    info.add_itxt("limner", json.dumps(fields))
    Image.new("RGB", (8, 8)).save(buffer, "PNG", pnginfo=info)
    assert read_story(buffer.getvalue()) is None
    assert read_upload(buffer.getvalue()).width == 8


def test_a_new_picture_is_signed_as_created_by_a_model(app: App) -> None:
    versions = talked(app, "draw a bunny")
    manifest = credential(app.teller.picture(versions["v1"], versions))
    assert actions(manifest) == [("c2pa.created", "trainedAlgorithmicMedia")]
    assert manifest["claim_generator_info"][0]["name"] == "Limner"
    assert not manifest.get("ingredients")


def test_an_edit_is_signed_as_edited_from_its_parent(app: App) -> None:
    versions = talked(app, "draw a bunny", "make it happier")
    manifest = credential(app.teller.picture(versions["v2"], versions))
    assert actions(manifest) == [("c2pa.opened", ""), ("c2pa.edited", "trainedAlgorithmicMedia")]
    assert [(one["title"], one["relationship"]) for one in manifest["ingredients"]] == [("v1", "parentOf")]


def test_a_merge_is_signed_with_both_parents_and_a_new_try_with_none(app: App) -> None:
    versions = talked(app, "draw a bunny", "draw a cat")
    talk = versions["v1"].conversation_id
    for plan in (
        MergePlan(targets=("v1", "v2"), prompt="both", change="take the cat"),
        VaryPlan(targets=("v1",), prompt="a bunny"),
        VaryPlan(targets=("v1",), prompt="a bunny", strength="subtle"),
    ):
        turn = app.turns.submit(talk, "", plan=plan, owner=app.owner)
        app.turns.run_pending()
        assert not app.turns.result(turn, app.owner).error
    versions = {version.label: version for version in app.turns.versions(talk, app.owner)}
    merged = credential(app.teller.picture(versions["v3"], versions))
    assert actions(merged)[-1] == ("c2pa.edited", "trainedAlgorithmicMedia")
    assert [(one["title"], one["relationship"]) for one in merged["ingredients"]] == [
        ("v1", "parentOf"), ("v2", "componentOf"),
    ]  # fmt: skip
    assert not credential(app.teller.picture(versions["v4"], versions)).get("ingredients")
    assert credential(app.teller.picture(versions["v5"], versions))["ingredients"][0]["title"] == "v1"
    told = Image.open(io.BytesIO(app.teller.picture(versions["v5"], versions))).info["parameters"]
    assert "Denoising strength: 0.5" in told


def test_edits_of_ones_own_picture_are_composites_and_the_picture_itself_leaves_as_it_came(app: App) -> None:
    versions = talked(app, "make it happier", "and bluer", bring=png())
    assert app.teller.picture(versions["v1"], versions) == app.blobs.read(versions["v1"].image)
    for label in ("v2", "v3"):
        data = app.teller.picture(versions[label], versions)
        assert actions(credential(data))[-1] == ("c2pa.edited", "compositeWithTrainedAlgorithmicMedia")
        assert "compositeWithTrainedAlgorithmicMedia" in str(Image.open(io.BytesIO(data)).info["xmp"])


def test_a_picture_or_a_story_that_was_changed_is_found_out(app: App) -> None:
    versions = talked(app, "draw a bunny")
    data = app.teller.picture(versions["v1"], versions)
    forged = data.replace(b"a bunny", b"a tiger")
    assert forged != data
    assert c2pa.Reader(PNG, io.BytesIO(forged)).get_validation_state() == "Invalid"


def test_a_picture_that_comes_back_brings_its_prompt_and_a_recipe_that_paints_it_again(app: App) -> None:
    versions = talked(app, "draw a bunny")
    left = app.teller.picture(versions["v1"], versions)
    back = talked(app, bring=left)["v1"]
    assert (back.origin, back.prompt, back.recipe) == ("uploaded", versions["v1"].prompt, versions["v1"].recipe)
    assert pixels(app.blobs.read(back.image)) == pixels(left)
    recipe = back.recipe
    assert recipe is not None
    talk = app.turns.new_conversation(app.owner)
    options = TurnOptions(size=(recipe.width, recipe.height), steps=recipe.steps, seed=recipe.seed)
    app.turns.submit(talk.id, "", plan=CreatePlan(prompt=back.prompt), options=options, owner=app.owner)
    app.turns.run_pending()
    again = app.turns.versions(talk.id, app.owner)[0]
    assert app.blobs.read(again.image) == app.blobs.read(versions["v1"].image)


def test_a_restored_recipe_names_no_file_of_anyones(app: App) -> None:
    versions = talked(app, "draw a bunny", "make it happier")
    recipe = talked(app, bring=app.teller.picture(versions["v2"], versions))["v1"].recipe
    assert recipe is not None
    assert (recipe.mask, recipe.parent_image) == (None, None)
    assert not re.search("[0-9a-f]{64}", recipe.start)


def test_where_a_painters_folder_lies_is_not_told() -> None:
    from dataclasses import replace

    recipe = replace(RECIPE, painter="/home/me/secret/sdxl")
    version = Version("1", "c", "t", 1, (), "A bunny.", "", "", "ab" * 32, None, 8, 8, recipe=recipe)
    story = story_of(version, {})
    assert story is not None
    assert "secret" not in parameters(story, "L") + recipe_json(story) + xmp(story, "L")
    assert "Model: sdxl" in parameters(story, "L")


def test_the_certificate_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    serials = set()
    for _ in range(2):
        data = Credentials(tmp_path, "Limner", "1").sign(png(), PNG, "a.png", STORY)
        serials.add(credential(data)["signature_info"]["cert_serial_number"])
    assert len(serials) == 1
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("hindered", ["missing", "a file"])
def test_where_the_certificate_cannot_be_kept_pictures_are_signed_all_the_same(tmp_path: Path, hindered: str) -> None:
    folder = tmp_path / "folder"
    if hindered == "a file":
        folder.write_text("in the way")
    credential(Credentials(folder, "Limner", "1").sign(png(), PNG, "a.png", STORY))


def test_a_certificate_of_ones_own_signs(tmp_path: Path) -> None:
    chain, key = _make()
    (tmp_path / "chain.pem").write_bytes(chain)
    (tmp_path / "key.pem").write_bytes(key)
    own = Credentials(tmp_path / "data", "Limner", "1", tmp_path / "chain.pem", tmp_path / "key.pem")
    own.check()
    credential(own.sign(png(), PNG, "a.png", STORY, [Ingredient("v1", png())]))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("wrong", ["no key", "no file", "another key", "no PEM", "an old curve"])
def test_a_certificate_that_cannot_sign_is_refused_when_limner_starts(tmp_path: Path, wrong: str) -> None:
    chain, key = _make()
    certificate, private = tmp_path / "chain.pem", tmp_path / "key.pem"
    certificate.write_bytes(b"hello" if wrong == "no PEM" else chain)
    if wrong == "another key":
        key = _make()[1]
    if wrong == "an old curve":
        secret = ec.generate_private_key(ec.SECP192R1())
        key = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if wrong != "no file":
        private.write_bytes(key)
    given = Settings(
        data=tmp_path / "data", certificate=certificate, certificate_key=None if wrong == "no key" else private
    )
    with pytest.raises(CredentialError, match="LIMNER_CERTIFICATE") as caught:
        build_with_fakes(given)
    assert "\n" not in str(caught.value)


def test_every_face_hands_out_pictures_with_their_story(tmp_path: Path, run: Any) -> None:
    import httpx

    data = tmp_path / "data"
    assert run("draw", "a bunny", "-o", tmp_path / "a.png", "--data", data)[0] == 0
    assert run("export", "-o", tmp_path / "out", "--data", data)[0] == 0
    files = [(tmp_path / "a.png").read_bytes(), (tmp_path / "out" / "pictures" / "v1.png").read_bytes()]
    with serving(tmp_path / "served") as site, site.client() as client:
        for kind in ("png", "jpeg", "webp"):
            answer = client.images.generate(prompt="a cow", output_format=kind, response_format="url")  # type: ignore[call-overload]
            found = httpx.get(answer.data[0].url).content
            assert actions(credential(found, f"image/{kind}")) == [("c2pa.created", "trainedAlgorithmicMedia")]
            story = read_story(found)
            assert story is not None and story.prompt == "A full description of this: a cow."
    for file in files:
        assert actions(credential(file)) == [("c2pa.created", "trainedAlgorithmicMedia")]
        story = read_story(file)
        assert story is not None and story.recipe is not None


def test_a_teller_leaves_out_a_parent_that_is_lost(app: App) -> None:
    versions = talked(app, "draw a bunny", "make it happier")

    def read(digest: str) -> bytes:
        if digest == versions["v1"].image:
            app.blobs.path(digest).unlink(missing_ok=True)
        return app.blobs.read(digest)

    teller = Teller(read, Credentials(app.settings.data, "Limner", "1"), "Limner 1")
    assert actions(credential(teller.picture(versions["v2"], versions))) == [
        ("c2pa.created", "trainedAlgorithmicMedia"),
    ]


def test_a_picture_that_is_asked_for_again_is_the_same_file_while_it_is_kept(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = talked(app, "draw a bunny", "make it happier")
    teller = app.teller
    first = teller.picture(versions["v2"], versions)
    assert teller.picture(versions["v2"], versions) == first
    monkeypatch.setattr(telling, "KEPT_BYTES", 1)
    assert teller.picture(versions["v1"], versions) != first
    again = teller.picture(versions["v2"], versions)
    assert again != first and bare(again) == bare(first), "only the signature is new"
