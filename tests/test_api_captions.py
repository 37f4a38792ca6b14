"""/v1/captions, and pictures that a chat is asked about: what the captioner sees comes back in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openai import OpenAI

from assistant.messages import ConversationPath, Plan, WordsPlan
from assistant.rewriter import FakeRewriter
from captioner.pictures import read_picture
from captioner.request import FakeCaptioner
from generation.request import FakePainter
from tests.serving import Site, serving
from tests.test_api_images import error_of, png
from tests.test_api_talking import data_address
from ui.settings import Settings
from ui.wiring import App, build

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def describes(path: ConversationPath) -> Plan:
    return WordsPlan(act="describe", reply="I am looking.")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    def built(settings: Settings) -> App:
        return build(settings, FakePainter(), FakeRewriter(describes), FakeCaptioner())

    with serving(tmp_path_factory.mktemp("data"), built) as site:
        yield site


def captions(site: Site, pictures: list[bytes], **fields: str) -> httpx.Response:
    files = [("image[]", ("a.png", data)) for data in pictures]
    return httpx.post(f"{site.address}/v1/captions", files=files, data=fields, timeout=30)


def seen(picture: bytes, kind: Any) -> str:
    captioner = FakeCaptioner()
    return captioner.caption([read_picture(picture, captioner.abilities().side)], kind)[0]


@pytest.mark.parametrize("kind", ["short", "descriptive"])
def test_each_picture_gets_its_caption_in_order_and_nothing_is_kept(site: Site, kind: str) -> None:
    pictures = [png((96, 64), "navy"), png((64, 64), "gold")]
    before = site.app.turns.list_conversations(site.app.owner)
    answer = captions(site, pictures, kind=kind, model="limner").json()
    assert [one["caption"] for one in answer["data"]] == [seen(picture, kind) for picture in pictures]
    assert [(one["index"], one["width"], one["height"]) for one in answer["data"]] == [(0, 96, 64), (1, 64, 64)]
    assert (answer["object"], answer["kind"], answer["model"]) == ("list", kind, "limner")
    assert site.app.turns.list_conversations(site.app.owner) == before


def test_a_chat_and_a_response_about_a_picture_are_answered_by_the_captioner(client: OpenAI) -> None:
    picture = data_address(png((96, 64), "navy"))
    words = "What is in this picture?"
    content: Any = [{"type": "text", "text": words}, {"type": "image_url", "image_url": {"url": picture}}]
    chat = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": content}])
    said = seen(png((96, 64), "navy"), "descriptive")
    assert said in (chat.choices[0].message.content or "")
    content = [{"type": "input_text", "text": words}, {"type": "input_image", "detail": "auto", "image_url": picture}]
    response = client.responses.create(model="gpt-4o", input=[{"role": "user", "content": content}])
    assert said in response.output_text


@pytest.mark.parametrize(
    ("pictures", "fields", "param", "code"),
    [
        ([], {"kind": "short"}, None, "unsupported_content_type"),
        ([b"no picture"], {}, "image", "invalid_image_format"),
        ([png()] * 17, {}, "image", "invalid_value"),
        ([png()], {"kind": "poem"}, "kind", "invalid_value"),
        ([png()], {"prompt": "x"}, "prompt", "unsupported_parameter"),
        ([png()], {"colour": "x"}, "colour", "unknown_parameter"),
        ([png()], {"model": "blip"}, "model", "model_not_found"),
    ],
)
def test_what_cannot_be_captioned_is_refused_by_name(
    site: Site, pictures: list[bytes], fields: dict[str, str], param: str | None, code: str
) -> None:
    answer = captions(site, pictures, **fields)
    assert answer.status_code in (400, 404)
    assert (error_of(answer)["param"], error_of(answer)["code"]) == (param, code)


def test_without_a_captioner_captions_are_refused_and_the_way_out_is_said(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("data")) as bare:
        answer = captions(bare, [png()])
    assert (answer.status_code, error_of(answer)["code"]) == (400, "unsupported_operation")
    assert "LIMNER_CAPTIONER" in error_of(answer)["message"]
