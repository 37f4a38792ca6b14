"""The API with the embedded models behind it, end to end, over the real openai package."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from openai import OpenAI
from PIL import Image

from tests.pictures import pixels
from tests.serving import Site, serving
from ui.wiring import build

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("data"), build) as site:
        yield site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[OpenAI]:
    with site.client(timeout=580) as client:
        yield client


def opened(b64: str | None) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(b64 or ""))).convert("RGB")


def test_a_picture_is_painted_and_a_mask_held_to_pixel_for_pixel(client: OpenAI) -> None:
    answer = client.images.generate(
        prompt="an adorable white bunny in a meadow", size="512x512", extra_body={"seed": 7}
    )
    assert answer.data
    picture = opened(answer.data[0].b64_json)
    assert picture.size == (512, 512)
    assert "bunny" in (answer.data[0].revised_prompt or "")
    mask = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (128, 128, 384, 384))
    files = []
    for image in (picture, mask):
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        files.append(buffer.getvalue())
    edited = client.images.edit(image=("a.png", files[0]), mask=("m.png", files[1]), prompt="make the bunny happier")
    assert edited.data
    after = opened(edited.data[0].b64_json)
    assert after.size == (512, 512)
    assert after.crop((0, 0, 512, 128)).tobytes() == picture.crop((0, 0, 512, 128)).tobytes()
    assert after.crop((150, 150, 360, 360)).tobytes() != picture.crop((150, 150, 360, 360)).tobytes()


def test_several_turns_of_responses_change_one_picture_and_a_chat_changes_ones_own(client: OpenAI, site: Site) -> None:
    previous, pictures = None, []
    for words in ("draw a white bunny in a meadow", "make it happier", "go back to v1", "give it a red hat"):
        response = client.responses.create(model="limner", input=words, previous_response_id=previous)
        previous = response.id
        pictures += [item for item in response.output if item.type == "image_generation_call"]
    assert "red hat" in str(pictures[-1].revised_prompt)
    assert pixels(pictures[2].result or "") == pixels(pictures[0].result or "")
    talk = site.app.turns.list_conversations(site.app.owner)[0]
    assert [v.parents for v in site.app.turns.versions(talk.id, site.app.owner)] == [(), ("v1",), ("v1",)]
    own = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{pictures[0].result}"}}
    content: Any = [{"type": "text", "text": "make it happier"}, own]
    answer = client.chat.completions.create(model="limner", messages=[{"role": "user", "content": content}])
    assert "![v2: " in (answer.choices[0].message.content or "")


def test_a_variation_is_painted_from_what_the_captioner_sees(client: OpenAI, site: Site) -> None:
    first = client.images.generate(prompt="an adorable white bunny in a meadow", extra_body={"seed": 7})
    assert first.data
    buffer = io.BytesIO()
    opened(first.data[0].b64_json).save(buffer, "PNG")
    with pytest.warns(DeprecationWarning, match="deprecated"):  # tools still call it
        varied = client.images.create_variation(image=("a.png", buffer.getvalue()), response_format="b64_json")
    assert varied.data and opened(varied.data[0].b64_json).size == (512, 512)
    talk = site.app.turns.list_conversations(site.app.owner)[0]
    own, other = site.app.turns.versions(talk.id, site.app.owner)
    assert own.origin == "uploaded" and "white bunny" in own.prompt and other.prompt == own.prompt
    assert other.image != own.image
