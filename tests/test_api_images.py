"""/v1/images with the real openai package against a running server, and every error in OpenAI's shape."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import BadRequestError, OpenAI
from openai.types import ImagesResponse
from PIL import Image, ImageDraw

from assistant.messages import TurnStatus
from generation.request import FakePainter
from tests.fakes import SlowPainter, build_with_fakes
from tests.pictures import pixels
from tests.serving import Site, serving
from ui.api import access

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def picture_of(b64: str | None) -> Image.Image:
    picture = Image.open(io.BytesIO(base64.b64decode(b64 or "")))
    picture.load()
    return picture


def png(size: tuple[int, int] = (96, 64), colour: str = "tomato") -> bytes:
    picture = Image.new("RGB", size, colour)
    ImageDraw.Draw(picture).line((0, 0, *size), fill="black")
    return encoded(picture)


def encoded(picture: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def right_half_mask(size: tuple[int, int] = (96, 64)) -> bytes:
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (size[0] // 2, 0, *size))
    return encoded(mask)


def posted(site: Site, path: str = "/images/generations", **body: Any) -> httpx.Response:
    return httpx.post(f"{site.address}/v1{path}", json=body, timeout=30)


def error_of(answer: httpx.Response) -> dict[str, Any]:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    return dict(body["error"])


def test_the_names_that_tools_send_are_listed(client: OpenAI) -> None:
    names = {model.id for model in client.models.list()}
    assert {"limner", "dall-e-2", "dall-e-3", "gpt-image-1", "gpt-image-2"} <= names
    assert client.models.retrieve("dall-e-3").owned_by == "limner"
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("dall-e-9")
    assert caught.value.code == "model_not_found"


def test_a_prompt_becomes_a_picture_with_the_prompt_that_painted_it(client: OpenAI, site: Site) -> None:
    answer = client.images.generate(prompt="draw a bunny", size="1024x1024", safety_identifier="someone")
    assert answer.data
    assert picture_of(answer.data[0].b64_json).size == (1024, 1024)
    assert answer.data[0].revised_prompt == "A full description of this: draw a bunny."
    assert (answer.size, answer.quality, answer.output_format) == ("1024x1024", "medium", "png")
    assert (answer.background, answer.safety_identifier) == ("opaque", "someone")
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    assert site.app.turns.list_conversations(site.app.owner)[0].title == "draw a bunny"


@pytest.mark.parametrize("size", ["256x256", "512x512", "1792x1024", "1024x1792", "1536x1024"])
def test_sizes_that_tools_send_come_back_as_asked(client: OpenAI, size: str) -> None:
    answer = client.images.generate(prompt="a cat", size=size)  # type: ignore[call-overload]
    assert answer.size == size
    assert "x".join(map(str, picture_of(answer.data[0].b64_json).size)) == size


def test_the_answer_to_auto_says_the_size_it_has(client: OpenAI) -> None:
    answer = client.images.generate(prompt="a cat", size="auto")
    assert answer.size == "64x64"


def test_the_years_of_dall_e_3_are_served(client: OpenAI, site: Site) -> None:
    answer = client.images.generate(
        model="dall-e-3", prompt="a fox", style="natural", quality="hd", n=2, user="u", size="1792x1024"
    )
    assert answer.quality == "high"
    assert answer.data
    assert len(answer.data) == 2
    for item in answer.data:
        assert item.b64_json is None
        fetched = httpx.get(item.url or "")
        assert fetched.headers["content-type"] == "image/png"
        assert Image.open(io.BytesIO(fetched.content)).size == (1792, 1024)
    altered = (answer.data[0].url or "")[:-2] + "xx"
    assert httpx.get(altered).status_code == 404
    painter = site.app.turns.painter
    assert isinstance(painter, FakePainter)
    assert (painter.painted[-1].steps, painter.painted[-1].guidance) == (16, 0.6)


def test_ten_pictures_at_most_and_each_another(client: OpenAI) -> None:
    answer = client.images.generate(prompt="a hen", n=10)
    assert answer.data
    assert len({item.b64_json for item in answer.data}) == 10


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_formats(client: OpenAI, kind: Any) -> None:
    compression = 60 if kind != "png" else 100
    answer = client.images.generate(prompt="a cow", output_format=kind, output_compression=compression)
    assert answer.data
    assert picture_of(answer.data[0].b64_json).format == kind.upper()
    assert answer.output_format == kind


def test_a_seed_and_exact_words_are_ours(client: OpenAI) -> None:
    same = [
        client.images.generate(prompt="a red cow", extra_body={"seed": 5, "exact_prompt": True}).data for _ in range(2)
    ]
    assert same[0] and same[1]
    assert pixels(same[0][0].b64_json or "") == pixels(same[1][0].b64_json or "")
    assert same[0][0].revised_prompt == "a red cow"
    with pytest.raises(BadRequestError, match="1 to 8,000 letters and this has 8,001") as caught:
        client.images.generate(prompt="x" * 8_001, extra_body={"exact_prompt": True})
    assert caught.value.code == "invalid_prompt"


def test_partial_pictures_stream(tmp_path: Path) -> None:
    with serving(tmp_path, lambda s: build_with_fakes(s, SlowPainter(1.6))) as site, site.client() as client:
        stream = client.images.generate(prompt="a bunny", stream=True, partial_images=2, size="512x512")
        events = list(stream)
        kinds = [event.type for event in events]
        assert kinds == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
        assert [getattr(event, "partial_image_index", None) for event in events] == [0, 1, None]
        assert {picture_of(event.b64_json).size for event in events} == {(512, 512)}
        assert events[-1].usage.total_tokens  # type: ignore[union-attr]
        edited = list(client.images.edit(image=("a.png", png()), prompt="bluer", stream=True, partial_images=1))
        assert [event.type for event in edited] == ["image_edit.partial_image", "image_edit.completed"]


def test_what_fails_in_a_stream_is_its_last_event(client: OpenAI) -> None:
    with pytest.raises(openai.APIError, match="hateful"):
        list(client.images.generate(prompt="draw a swastika", stream=True))


def test_an_edit_keeps_what_its_mask_covers_pixel_for_pixel(client: OpenAI, site: Site) -> None:
    answer = client.images.edit(
        image=("in.png", png()), mask=("mask.png", right_half_mask()), prompt="make it happier", size="auto"
    )
    assert answer.data
    edited, before = picture_of(answer.data[0].b64_json), Image.open(io.BytesIO(png()))
    assert answer.size == "96x64"
    left = (0, 0, 48, 64)
    assert edited.crop(left).tobytes() == before.crop(left).tobytes()
    assert edited.crop((60, 8, 90, 56)).tobytes() != before.crop((60, 8, 90, 56)).tobytes()
    conversation = site.app.turns.list_conversations(site.app.owner)[0].id
    first, second = site.app.turns.versions(conversation, site.app.owner)
    assert (first.origin, first.recipe, second.parents, second.change) == ("uploaded", None, ("v1",), "make it happier")


def test_a_transparent_part_of_the_picture_is_its_mask(client: OpenAI) -> None:
    picture = Image.open(io.BytesIO(png())).convert("RGBA")
    picture.putalpha(Image.open(io.BytesIO(right_half_mask())).getchannel("A"))
    answer = client.images.edit(image=[("in.png", encoded(picture))], prompt="make it happier", model="dall-e-2",
                                response_format="b64_json")  # fmt: skip
    assert answer.data
    edited = picture_of(answer.data[0].b64_json)
    assert edited.crop((0, 0, 48, 64)).tobytes() == picture.convert("RGB").crop((0, 0, 48, 64)).tobytes()


def test_an_edit_of_a_jpeg_without_a_mask_in_another_size(client: OpenAI) -> None:
    jpeg = encoded(Image.new("RGB", (640, 480), "teal"), "JPEG")
    answer = client.images.edit(image=("in.jpg", jpeg), prompt="bluer", size="512x512", input_fidelity="low", n=2,
                                quality="low", output_format="webp")  # fmt: skip
    assert answer.data
    assert [picture_of(item.b64_json).size for item in answer.data] == [(512, 512)] * 2
    assert answer.quality == "low"


def test_variations_say_what_they_lack(client: OpenAI) -> None:
    deprecated = pytest.warns(DeprecationWarning, match="deprecated")
    with pytest.raises(openai.BadRequestError, match="captioner") as caught, deprecated:
        client.images.create_variation(image=("in.png", png()), n=1, size="256x256")
    assert (caught.value.code, caught.value.param) == ("unsupported_operation", "image")


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    ({"colour": "red"}, "colour", "unknown_parameter", "Unknown parameter: 'colour'."),
    ({"prompt": None}, "prompt", "missing_required_parameter", "Missing required parameter: 'prompt'."),
    ({"prompt": ""}, "prompt", "empty_string", "minimum length 1"),
    ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length", "got a string with length 32001"),
    ({"prompt": 5}, "prompt", "invalid_type", "expected a string, but got an integer"),
    ({"n": 11}, "n", "integer_above_max_value", "Expected a value <= 10, but got 11"),
    ({"n": 0}, "n", "integer_below_min_value", "Expected a value >= 1, but got 0"),
    ({"n": "two"}, "n", "invalid_type", "expected an integer, but got a string"),
    ({"size": "1000x1000"}, "size", "invalid_value", "Invalid value: '1000x1000'. Supported values are: 'auto'"),
    ({"size": "4096x4096"}, "size", "invalid_value", "Supported values are"),
    ({"size": "huge"}, "size", "invalid_value", "Invalid value: 'huge'"),
    ({"quality": "best"}, "quality", "invalid_value", "Supported values are: 'low', 'medium',"),
    ({"style": "cubist"}, "style", "invalid_value", "Supported values are: 'vivid' and 'natural'."),
    ({"response_format": "file"}, "response_format", "invalid_value", "'url' and 'b64_json'"),
    ({"background": "transparent"}, "background", "invalid_value", "Supported values are: 'opaque' and 'auto'."),
    ({"output_format": "svg"}, "output_format", "invalid_value", "'png', 'jpeg' and 'webp'"),
    ({"output_format": "gif"}, "output_format", "invalid_value", "'png', 'jpeg' and 'webp'"),
    ({"output_compression": 50}, "output_compression", "invalid_value", "PNG loses nothing"),
    ({"moderation": "none"}, "moderation", "invalid_value", "Supported values are: 'auto' and 'low'."),
    ({"partial_images": 4, "stream": True}, "partial_images", "integer_above_max_value", "<= 3"),
    ({"partial_images": 2}, "partial_images", "invalid_value", "only with 'stream'"),
    ({"stream": True, "response_format": "url"}, "response_format", "invalid_value", "base64 only"),
    ({"complexity": "low"}, "complexity", "unsupported_parameter", "'complexity' is not supported"),
    ({"frame_count": 4}, "frame_count", "unsupported_parameter", "not supported"),
    ({"frame_duration_ms": 40}, "frame_duration_ms", "unsupported_parameter", "not supported"),
    ({"svg": {"model": "gpt-5"}}, "svg", "unsupported_parameter", "not supported"),
    ({"input_fidelity": "high"}, "input_fidelity", "unsupported_parameter", "not supported"),
    ({"steps": 500}, "steps", "integer_above_max_value", "<= 100"),
    ({"model": "gpt-5"}, "model", "invalid_value", "one to talk with"),
]


@pytest.mark.parametrize(("change", "param", "code", "words"), REFUSED)
def test_what_cannot_be_honoured_is_refused_by_name(
    site: Site, change: dict[str, Any], param: str, code: str, words: str
) -> None:
    answer = posted(site, **{"prompt": "a bunny", **change})
    error = error_of(answer)
    assert answer.status_code == 400
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    assert words in error["message"]
    assert answer.headers["x-request-id"].startswith("req_")


def test_null_counts_as_left_out(site: Site) -> None:
    assert posted(site, prompt="a bunny", svg=None, style=None, n=None, colour=None).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"{", "application/json", "invalid_json"), (b"[1]", "application/json", "invalid_json"),
        (b"\xff", "application/json", "invalid_json"), (b'{"n": NaN}', "application/json", "invalid_json"),
        (b"[" * 100_000, "application/json", "invalid_json"), (b"{}", "text/plain", "unsupported_content_type"),
    ],
)  # fmt: skip
def test_bodies_that_are_none(site: Site, content: bytes, kind: str, code: str) -> None:
    answer = httpx.post(f"{site.address}/v1/images/generations", content=content, headers={"content-type": kind})
    assert (answer.status_code, error_of(answer)["code"]) == (400, code)


def test_a_parameter_is_named_as_it_was_sent(site: Site) -> None:
    for name, said in (("Prompt", "Prompt"), ("str", "str"), ("a" * 200, "a" * 80)):
        body = json.dumps({"prompt": "a cat", name: 1})
        answer = httpx.post(
            f"{site.address}/v1/images/generations", content=body, headers={"content-type": "application/json"}
        )
        assert (answer.status_code, error_of(answer)["param"]) == (400, said)


def test_words_that_cannot_be_kept(site: Site) -> None:
    for words in ("a\0b", "half \ud800 a letter"):
        answer = httpx.post(
            f"{site.address}/v1/images/generations", headers={"content-type": "application/json"},
            content=('{"prompt": "' + words.encode("unicode_escape").decode().replace("\\x00", "\\u0000") + '"}'),
        )  # fmt: skip
        assert answer.status_code == 400
        assert error_of(answer)["code"] in ("invalid_prompt", "invalid_value")


def test_unknown_addresses_and_methods_and_models(site: Site) -> None:
    answer = httpx.get(f"{site.address}/v1/nothing")
    assert (answer.status_code, error_of(answer)["message"]) == (404, "Invalid URL (GET /v1/nothing)")
    answer = httpx.get(f"{site.address}/v1/images/generations")
    assert (answer.status_code, error_of(answer)["code"]) == (405, "method_not_allowed")
    answer = posted(site, prompt="a", model="sdxl")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "model_not_found")


def test_a_refusal_has_the_code_of_its_years(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="draw a swastika")
    assert (caught.value.type, caught.value.code) == ("image_generation_user_error", "moderation_blocked")
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="draw a swastika", model="dall-e-3")
    assert (caught.value.type, caught.value.code) == ("invalid_request_error", "content_policy_violation")


def test_words_that_are_none_are_no_matter_of_moderation(client: OpenAI) -> None:
    for words in (" ", "\x7f", "a" * 9_000):
        with pytest.raises(openai.BadRequestError) as caught:
            client.images.generate(prompt=words)
        assert (caught.value.code, caught.value.param) == ("invalid_prompt", "prompt")


def test_the_low_level_of_moderation_is_honoured_and_a_name_is_put_in_other_words(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="gore"):
        client.images.generate(prompt="draw a gory fight")
    assert client.images.generate(prompt="draw a gory fight", moderation="low").data
    tool: Any = {"type": "image_generation", "moderation": "low"}
    assert client.responses.create(model="limner", input="draw a gory fight", tools=[tool]).status == "completed"
    answer = client.images.generate(prompt="a rat by Banksy")
    assert answer.data and "black stencils" in (answer.data[0].revised_prompt or "")
    assert "Banksy" not in (answer.data[0].revised_prompt or "")


def test_a_prompt_that_paints_nothing_is_answered_with_what_was_said(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="There is no v1") as caught:
        client.images.generate(prompt="go back to v1")
    assert (caught.value.type, caught.value.code) == ("image_generation_user_error", "invalid_prompt")


def test_a_painter_that_breaks_is_an_error_that_is_not_tried_again(tmp_path: Path) -> None:
    def breaks(step: int) -> None:
        raise RuntimeError("no more paint")

    with serving(tmp_path, lambda s: build_with_fakes(s, FakePainter(before_step=breaks))) as site:
        client = OpenAI(base_url=f"{site.address}/v1", api_key="none", max_retries=2)
        with pytest.raises(openai.InternalServerError, match="no more paint") as caught:
            client.images.generate(prompt="a bunny")
        assert caught.value.type == "server_error"
        assert len(site.app.turns.list_conversations(site.app.owner)) == 1
        client.close()


def test_of_two_pictures_the_first_gets_what_the_prompt_says_of_the_second(client: OpenAI, site: Site) -> None:
    both = [("cat.png", png(), "image/png"), ("hat.png", png(colour="blue"), "image/png")]
    answer = client.images.edit(image=both, prompt="the cat wears the hat", n=1)
    assert answer.data and len(answer.data) == 1 and answer.data[0].revised_prompt == "the cat wears the hat"
    latest = site.app.turns.list_conversations(site.app.owner)[0]
    versions = site.app.turns.versions(latest.id, site.app.owner)
    assert [version.parents for version in versions] == [(), (), ("v1", "v2")]
    assert versions[2].recipe is not None and versions[2].recipe.act == "merge"


def edit(site: Site, files: list[tuple[str, Any]], **fields: str) -> httpx.Response:
    return httpx.post(f"{site.address}/v1/images/edits", data=fields, files=files, timeout=30)


@pytest.mark.parametrize(
    ("files", "fields", "param", "code"),
    [
        ([("mask", right_half_mask())], {"prompt": "x"}, "image", "missing_required_parameter"),
        ([("image", png())], {}, "prompt", "missing_required_parameter"),
        ([("image", b"GIF89a" + bytes(20))], {"prompt": "x"}, "image", "invalid_image_format"),
        ([("image", b"<svg/>")], {"prompt": "x"}, "image", "invalid_image_format"),
        ([("image", png()[:60])], {"prompt": "x"}, "image", "invalid_image_format"),
        ([("image", png()), ("mask", right_half_mask((64, 64)))], {"prompt": "x"}, "mask", "invalid_image_format"),
        ([("image", png()), ("mask", png())], {"prompt": "x"}, "mask", "invalid_image_format"),
        ([("image[]", png())] * 3, {"prompt": "x"}, "image", "unsupported_value"),
        ([("image[]", png()), ("image[]", png()), ("mask", png())], {"prompt": "x"}, "mask", "unsupported_parameter"),
        ([("image", png()), ("markup", png())], {"prompt": "x"}, "markup", "unsupported_parameter"),
        ([("image", png()), ("painting", png())], {"prompt": "x"}, "painting", "unknown_parameter"),
        ([("image", png())], {"prompt": "x", "style": "vivid"}, "style", "unsupported_parameter"),
        ([("image", png())], {"prompt": "x", "svg[model]": "y"}, "svg", "unsupported_parameter"),
        ([("image", png())], {"prompt": "x", "n": "many"}, "n", "invalid_type"),
        ([("image", png())], {"prompt": "x" * 8_001}, "prompt", "invalid_prompt"),
        ([("image", png())], {"prompt": "x" * 8_001, "exact_prompt": "true"}, "prompt", "invalid_prompt"),
        ([("image", png())], {"prompt": " "}, "prompt", "invalid_prompt"),
        ([("image", png())], {"prompt": "x", "image": "y"}, "image", "invalid_type"),
        ([("image", png())], {"prompt": "x", "mask": "y"}, "mask", "invalid_type"),
        ([("image", png()), ("prompt", png())], {"prompt": "x"}, "prompt", "invalid_type"),
        ([("image", png()), ("user", png())], {"prompt": "x"}, "user", "invalid_type"),
        ([("image", png()), ("model", png())], {"prompt": "x"}, "model", "invalid_type"),
    ],
)  # fmt: skip
def test_edits_that_cannot_be_made(
    site: Site, files: list[tuple[str, bytes]], fields: dict[str, str], param: str, code: str
) -> None:
    answer = edit(site, [(name, ("file", data)) for name, data in files], **fields)
    assert answer.status_code == 400
    error = error_of(answer)
    assert (error["param"], error["code"]) == (param, code), error


@pytest.mark.parametrize("name", ["mask", "user", "n"])
def test_a_variation_takes_one_picture_and_no_other_file(site: Site, name: str) -> None:
    files = {"image": ("a.png", png()), name: ("b.png", png())}
    answer = httpx.post(f"{site.address}/v1/images/variations", files=files, timeout=30)
    assert answer.status_code == 400
    assert error_of(answer)["param"] == name


def test_the_same_key_and_body_are_painted_once_and_another_body_is_refused(client: OpenAI, site: Site) -> None:
    headers = {"Idempotency-Key": "only-once"}
    before = len(site.app.turns.list_conversations(site.app.owner))
    with ThreadPoolExecutor(3) as pool:
        answers = list(
            pool.map(lambda _: client.images.generate(prompt="a bunny", extra_headers=headers).to_json(), range(3))
        )
    assert len(set(answers)) == 1
    assert len(site.app.turns.list_conversations(site.app.owner)) == before + 1
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="a cat", extra_headers=headers)
    assert caught.value.code == "idempotency_key_reused"
    edits = [
        client.images.edit(image=("a.png", png()), prompt="bluer", extra_headers={"Idempotency-Key": "edit-once"})
        for _ in range(2)
    ]
    assert edits[0] == edits[1]
    assert len(site.app.turns.list_conversations(site.app.owner)) == before + 2


def test_a_picture_that_was_deleted_is_gone_for_programs_too_and_its_key_says_so(client: OpenAI, site: Site) -> None:
    def ask() -> ImagesResponse:
        return client.images.generate(
            prompt="a bear", model="dall-e-3", response_format="url", extra_headers={"Idempotency-Key": "deleted-then"}
        )

    address = (ask().data or [])[0].url or ""
    assert httpx.get(address).status_code == 200
    turns = site.app.turns
    talk = next(one for one in turns.list_conversations() if "bear" in turns.history(one.id)[0].message)
    turns.delete_version(talk.id, "v1")
    assert httpx.get(address).status_code == 404
    with pytest.raises(openai.NotFoundError, match=r"was deleted \(v1\); send it anew, with another idempotency key"):
        ask()


def test_too_many_waiting_requests_are_put_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MAX_WAITING", 2)
    with serving(tmp_path, lambda s: build_with_fakes(s, SlowPainter(1.0))) as site:
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda number: posted(site, prompt=f"cat {number}"), range(6)))
        late = [answer for answer in answers if answer.status_code == 429]
        assert len(late) >= 3
        assert error_of(late[0])["code"] == "rate_limit_exceeded"
        assert late[0].headers["retry-after"] == "5"
        assert posted(site, prompt="a cat").status_code == 200


def test_whoever_leaves_a_stream_frees_its_place_and_the_turn_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "MAX_WAITING", 1)
    with serving(tmp_path, lambda s: build_with_fakes(s, SlowPainter(6.0))) as site, site.client() as client:
        with client.images.generate(prompt="a cat", stream=True, partial_images=1) as stream:
            assert next(iter(stream)).type == "image_generation.partial_image"
        left, answered = time.monotonic(), False
        while not answered and time.monotonic() < left + 2:
            with contextlib.suppress(openai.RateLimitError), client.images.generate(prompt="a dog", stream=True):
                answered = True
        assert answered
        first = site.app.turns.list_conversations(site.app.owner)[-1]
        turn = site.app.turns.history(first.id, site.app.owner)[0]
        assert site.app.turns.wait(turn.id, 30).status is TurnStatus.DONE


def test_once_there_is_a_key_it_is_needed_and_opens_only_ones_own(tmp_path: Path) -> None:
    with serving(tmp_path) as site:
        now = site.app.turns.clock()
        with site.client() as anyone:
            assert anyone.images.generate(prompt="a bunny", response_format="url").data
            mine, secret = site.app.keys.make("ada", "test", now)
            with pytest.raises(openai.AuthenticationError) as caught:
                anyone.images.generate(prompt="a bunny")
            assert caught.value.code == "invalid_api_key"
        assert httpx.get(f"{site.address}/v1/models").status_code == 401
        with site.client(secret) as ada:
            answer = ada.images.generate(prompt="a cat", response_format="url")
        assert answer.data
        assert httpx.get(answer.data[0].url or "").status_code == 200
        assert [talk.title for talk in site.app.turns.list_conversations("ada")] == ["a cat"]
        site.app.keys.revoke(mine.id, now)
        other, _ = site.app.keys.make("bob", "test", now)
        with site.client(secret) as ada, pytest.raises(openai.AuthenticationError):
            ada.models.list()
        assert (tmp_path / "limner.db").read_bytes().find(secret.encode()) < 0
        assert other.owner == "bob"


def test_pages_of_other_addresses_are_kept_out(site: Site) -> None:
    for origin in ("https://evil.example", "null"):
        answer = httpx.post(f"{site.address}/v1/images/generations", json={"prompt": "a"}, headers={"origin": origin})
        assert (answer.status_code, error_of(answer)["code"]) == (403, "forbidden_origin")
    assert httpx.get(f"{site.address}/v1/models", headers={"host": "evil.example"}).status_code == 400
