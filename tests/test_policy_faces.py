"""Pictures that are refused, wherever people meet them: the page, the API with the real clients, MCP, the terminal."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from mcp import Client
from openai import OpenAI
from PIL import Image

from assistant.rewriter import FakeRewriter
from assistant.story import Story, told
from captioner.known import look_at
from tests.fakes import SlowPainter, fake_plan
from tests.serving import Site, serving
from tests.test_api_images import error_of
from tests.test_api_talking import data_address
from tests.test_cli import run as run
from tests.test_mcp import talk
from tests.test_policy_pictures import Sees, drawing, encoded
from ui.settings import Settings
from ui.wiring import App, build

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
PAINTED = "What was painted was refused for what is seen in it (skull); ask for another picture."
BROUGHT = "Your picture was refused for what is seen in it (skull); bring another one."
GORY = encoded(drawing(9), "PNG")


class Wired:
    """A server whose captioner says of every picture what a test wants."""

    def __init__(self, folder: Path):
        self.eyes = Sees("a bunny")
        self.folder = folder
        (folder / "words.txt").write_text("skull*")
        (folder / "looks.txt").write_text(f"{look_at(GORY)}  nine.png")

    def build(self, settings: Settings) -> App:
        files = {"policy_words": self.folder / "words.txt", "policy_pictures": self.folder / "looks.txt"}
        settings = settings.model_copy(update=files)
        return build(settings, SlowPainter(0.3), FakeRewriter(fake_plan), self.eyes)


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Wired:
    return Wired(tmp_path_factory.mktemp("policy"))


@pytest.fixture(scope="module")
def site(wired: Wired, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    with serving(tmp_path_factory.mktemp("data"), wired.build, make_server) as site:
        yield site


@pytest.fixture
def client(site: Site) -> OpenAI:
    return site.client()


@pytest.fixture
def skulls(wired: Wired) -> Iterator[None]:
    """Have every picture that was not seen yet taken for one of a skull."""
    wired.eyes.says = "a skull"
    yield
    wired.eyes.says = "a bunny"


def kept(site: Site) -> set[str]:
    """Return the names of all files of pictures, latents and small pictures that are kept."""
    return {file.name for file in site.app.blobs.folder.rglob("*.*") if file.is_file() and file.name != ".lock"}


def last(site: Site, number: int = 1) -> list[tuple[str, str, str]]:
    return [(one.stage, one.verdict, one.policy) for one in site.app.turns.decisions.newest(number)]


def noise(seed: int) -> bytes:
    return encoded(drawing(seed))


def test_the_api_refuses_what_was_painted_in_openais_shape_and_keeps_nothing(
    site: Site, client: OpenAI, skulls: None
) -> None:
    before = kept(site)
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="draw a bunny one")
    assert (caught.value.type, caught.value.code) == ("image_generation_user_error", "moderation_blocked")
    assert caught.value.body["message"] == PAINTED  # type: ignore[index]
    assert last(site) == [("result", "refused", "captioner and own words")]
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="draw a bunny two", model="dall-e-3")
    assert caught.value.code == "content_policy_violation"
    tool: Any = {"type": "image_generation"}
    with pytest.raises((openai.BadRequestError, openai.APIError), match="What was painted was refused"):
        client.responses.create(model="limner", input="draw a bunny three", tools=[tool])
    assert kept(site) == before


def test_a_stream_ends_with_the_refusal_and_brings_no_finished_picture(
    site: Site, client: OpenAI, skulls: None
) -> None:
    before, kinds = kept(site), []

    def follow() -> None:
        for event in client.images.generate(prompt="draw a bunny four", stream=True, partial_images=2):
            kinds.append(event.type)

    with pytest.raises(openai.APIError, match="What was painted was refused") as caught:
        follow()
    assert caught.value.code == "moderation_blocked"
    assert set(kinds) <= {"image_generation.partial_image"} and kept(site) == before


def test_the_api_refuses_what_people_bring_wherever_it_comes(site: Site, client: OpenAI, skulls: None) -> None:
    before, mine = kept(site), site.app.turns.list_conversations(site.app.owner)

    def edit() -> None:
        client.images.edit(image=noise(21), prompt="make it red")

    def vary() -> None:
        with pytest.warns(DeprecationWarning, match="deprecated"):
            client.images.create_variation(image=noise(22))

    def ask() -> None:
        content: Any = [
            {"type": "input_text", "text": "make it red"},
            {"type": "input_image", "image_url": data_address(noise(23))},
        ]
        client.responses.create(model="limner", input=[{"role": "user", "content": content}])

    def chat() -> None:
        content: Any = [
            {"type": "text", "text": "make it red"},
            {"type": "image_url", "image_url": {"url": data_address(noise(24))}},
        ]
        client.chat.completions.create(model="limner", messages=[{"role": "user", "content": content}])

    for way in (edit, vary, ask, chat):
        with pytest.raises(openai.BadRequestError) as caught:
            way()
        assert caught.value.code == "moderation_blocked" and caught.value.body["message"] == BROUGHT  # type: ignore[index]
        assert last(site) == [("upload", "refused", "captioner and own words")]
    answer = httpx.post(f"{site.address}/v1/captions", files=[("image", ("a.png", noise(25)))], timeout=60)
    assert (answer.status_code, error_of(answer)["code"]) == (400, "moderation_blocked")
    assert kept(site) == before and site.app.turns.list_conversations(site.app.owner) == mine


def test_a_picture_of_the_list_and_words_in_a_file_are_refused(site: Site, client: OpenAI) -> None:
    smaller = encoded(Image.open(io.BytesIO(GORY)).resize((200, 200)), "JPEG")
    gory = told(noise(31), Story("a gory fight, blood everywhere"), "Limner")
    for picture, reason in ((smaller, "is one that is not taken here"), (gory, r"tells of it was refused \(gore\)")):
        with pytest.raises(openai.BadRequestError, match=reason) as caught:
            client.images.edit(image=picture, prompt="make it red")
        assert caught.value.code == "moderation_blocked"
    level: Any = {"moderation": "low"}
    assert client.images.edit(image=gory, prompt="make it red", extra_body=level).data
    with pytest.raises(openai.BadRequestError, match="not taken here"):
        client.images.edit(image=smaller, prompt="make it red", extra_body=level)


def test_mcp_refuses_what_was_painted(site: Site, skulls: None) -> None:
    async def work(client: Client) -> None:
        result = await client.call_tool("create_picture", {"prompt": "draw a bunny five"})
        assert result.is_error and PAINTED in result.content[0].text  # type: ignore[union-attr]
        assert len(result.content) == 1

    talk(f"{site.address}/mcp", work)


def test_the_page_refuses_what_people_bring_and_lets_go_of_what_was_seen_while_it_was_painted(
    site: Site, skulls: None
) -> None:
    from tests.tabs import Tab

    conversations = site.app.turns.list_conversations(site.app.owner)
    headers = {"content-type": "application/octet-stream"}
    answer = httpx.post(f"{site.address}/pictures", content=noise(41), headers=headers, timeout=60)
    assert (answer.status_code, answer.text) == (400, BROUGHT)
    assert site.app.turns.list_conversations(site.app.owner) == conversations
    seen: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            running = [
                turn
                for one in site.app.turns.list_conversations(site.app.owner)
                for turn in site.app.turns.history(one.id, site.app.owner)
                if not turn.status.ended
            ]
            seen.extend(httpx.get(f"{site.address}/previews/{turn.id}", timeout=60).status_code for turn in running)
            time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with Tab(site) as page:
            conversation = page.say("draw a bunny six").conversation
            (turn,) = site.app.turns.history(conversation, site.app.owner)
            gone = httpx.get(f"{site.address}/previews/{turn.id}", timeout=60)
    finally:
        over.set()
        watcher.join(60)
    assert turn.plan and turn.plan.act == "refuse" and turn.reply == PAINTED
    assert 200 in seen, "the unfinished picture was to be seen"
    assert gone.status_code == 404 and site.app.turns.versions(conversation, site.app.owner) == ()


def test_the_terminal_says_so_and_the_record_names_who_decided(run: Any, wired: Wired, tmp_path: Path) -> None:
    wired.eyes.says = "a skull"
    code, out, err = run("draw", "a bunny", "-o", tmp_path / "a.png", "--data", tmp_path / "data", build=wired.build)
    assert code != 0 and PAINTED in err and not (tmp_path / "a.png").exists() and "Traceback" not in err
    code, out, _ = run("policy", "decisions", "--data", tmp_path / "data", build=wired.build)
    (line,) = out.splitlines()
    assert code == 0 and re.match(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d  refused   result   auto  captioner and own words, own words: skull  \(you\)$",
        line,
    )
    code, out, _ = run(
        "policy", "decisions", "--all", "--json", "-n", 2, "--data", tmp_path / "data", build=wired.build
    )
    rows = [json.loads(row) for row in out.splitlines()]
    assert [(row["stage"], row["verdict"]) for row in rows] == [("result", "refused"), ("prompt", "allowed")]
    assert rows[1]["policy"] == "words and small model"


def test_looks_are_printed_for_a_list(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(GORY)
    code, out, _ = run("policy", "look", tmp_path / "a.png")
    assert (code, out) == (0, f"{look_at(GORY)}  a.png\n")
    (tmp_path / "white.png").write_bytes(encoded(Image.new("RGB", (300, 300), "white")))
    for name, reason in (("white.png", "shows nothing that it could be known by"), ("none.png", "cannot be read")):
        code, out, err = run("policy", "look", tmp_path / "a.png", tmp_path / name)
        assert code != 0 and not out and reason in err and len(err.strip().splitlines()) == 1
