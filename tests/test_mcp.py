"""The MCP server with the official client, over streamable HTTP and over stdio."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from assistant.store.keys import KeyStore
from tests.fakes import SlowPainter, build_with_fakes
from tests.pictures import pixels
from tests.serving import Site, serving
from tests.test_api_images import posted
from ui.api import access

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
TOOLS = {
    "create_picture", "edit_picture", "vary_picture", "extend_picture", "upscale_picture", "merge_pictures", "undo",
    "look_at", "list_versions", "list_models", "export_version",
}  # fmt: skip
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("data")) as site:
        yield site


def talk(server: Any, work: Callable[[Client], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Client(server) as client:
            await work(client)

    anyio.run(whole)


async def told(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool that must succeed; return its structure, with the picture or file under "bytes"."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    words = json.loads(result.content[0].text)  # type: ignore[union-attr]
    assert words == result.structured_content
    for more in result.content[1:]:
        data = more.data if more.type == "image" else more.resource.blob  # type: ignore[union-attr]
        words["bytes"] = base64.b64decode(data)
    return dict(words)


async def versions_of_versions(client: Client, talk_id: str) -> None:
    """v1 is 256x128, v3 the current one."""
    varied = await told(client, "vary_picture", conversation=talk_id, version="v1", strength="subtle", seed=5)
    assert (varied["version"], varied["parents"]) == ("v4", ["v1"])
    wider = await told(client, "extend_picture", conversation=talk_id, version="v1", direction="left")
    assert wider["parents"] == ["v1"] and wider["width"] > 256 and wider["height"] == 128
    shaped = await told(client, "extend_picture", conversation=talk_id, version="v1", shape="4:1")
    assert shaped["width"] == 4 * shaped["height"]
    larger = await told(client, "upscale_picture", conversation=talk_id, version="v1")
    assert larger["parents"] == ["v1"] and larger["width"] > 256
    merged = await told(
        client,
        "merge_pictures",
        conversation=talk_id,
        keep="v1",
        take_from="v2",
        change="it wears the hat",
    )
    assert merged["parents"] == ["v1", "v2"] and merged["change"] == "it wears the hat"
    refused = await client.call_tool(
        "merge_pictures", {"conversation": talk_id, "keep": "v1", "take_from": "v99", "change": "the hat"}
    )
    assert refused.is_error and "v99" in refused.content[0].text  # type: ignore[union-attr]


async def every_tool(client: Client) -> None:
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.description and tool.input_schema["properties"] for tool in tools if tool.name != "list_models")
    assert await told(client, "list_models") == {"models": ["limner"]}
    first = await told(client, "create_picture", prompt="draw a bunny", size="256x128", seed=3)
    assert (first["version"], first["prompt"]) == ("v1", "A full description of this: draw a bunny.")
    assert Image.open(io.BytesIO(first["bytes"])).size == (first["width"], first["height"]) == (256, 128)
    talk_id = first["conversation"]
    second = await told(client, "edit_picture", conversation=talk_id, change="make it happier")
    assert (second["version"], second["parents"], second["change"]) == ("v2", ["v1"], "make it happier")
    back = await told(client, "undo", conversation=talk_id)
    assert (back["version"], back["reply"]) == ("v1", "Back at v1.")
    third = await told(client, "edit_picture", conversation=talk_id, change="bluer", version="v2")
    assert third["parents"] == ["v2"]
    listed = await told(client, "list_versions", conversation=talk_id)
    assert (listed["current"], [one["version"] for one in listed["versions"]]) == ("v3", ["v1", "v2", "v3"])
    seen = await told(client, "look_at", conversation=talk_id, version="v2")
    assert pixels(seen["bytes"]) == pixels(second["bytes"])
    await versions_of_versions(client, talk_id)
    file = await told(client, "export_version", conversation=talk_id, version="v2", format="jpeg", size="512x512")
    assert (Image.open(io.BytesIO(file["bytes"])).size, Image.open(io.BytesIO(file["bytes"])).format) == (
        (512, 512), "JPEG",
    )  # fmt: skip


async def every_failure(client: Client) -> None:
    painted = await told(client, "create_picture", prompt="draw a cat")
    here = painted["conversation"]
    for tool, arguments, words in (
        ("create_picture", {"prompt": "draw a swastika"}, "hateful"),
        ("create_picture", {"prompt": "a cat", "size": "7x7"}, "Supported values are"),
        ("create_picture", {}, "prompt"),
        ("create_picture", {"prompt": "a cat", "model": "gone"}, "does not exist"),
        ("edit_picture", {"conversation": here, "change": "bluer", "model": "gpt-5"}, "one to talk with"),
        ("vary_picture", {"conversation": here, "model": "gone"}, "does not exist"),
        ("extend_picture", {"conversation": here, "model": "gone"}, "does not exist"),
        (
            "merge_pictures",
            {"conversation": here, "keep": "v1", "take_from": "v1", "change": "x", "model": "gone"},
            "does not exist",
        ),
        ("edit_picture", {"conversation": "nobody's", "change": "bluer"}, "no conversation"),
        ("edit_picture", {"conversation": here, "change": "bluer", "version": "v9"}, "There is no v9"),
        ("undo", {"conversation": here}, "nothing to go back to"),
        ("look_at", {"conversation": here, "version": "v9"}, "There is no v9"),
        ("look_at", {"conversation": here, "version": "../x"}, "version"),
        ("export_version", {"conversation": here, "format": "exe"}, "format"),
    ):
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        assert words in result.content[0].text, (tool, result.content)  # type: ignore[union-attr]


def test_every_tool_over_http(site: Site) -> None:
    talk(f"{site.address}/mcp", every_tool)
    assert [talk.title for talk in site.app.turns.list_conversations(site.app.owner)] == ["draw a bunny"]


def test_what_cannot_be_done_is_said_to_the_model(site: Site) -> None:
    talk(f"{site.address}/mcp", every_failure)


def test_a_deleted_version_is_said_to_the_model_and_undo_goes_to_the_one_before(site: Site) -> None:
    async def work(client: Client) -> None:
        first = await told(client, "create_picture", prompt="draw a heron")
        here = {"conversation": first["conversation"]}
        for change in ("make it happier", "make it bluer"):
            await told(client, "edit_picture", change=change, **here)
        site.app.turns.delete_version(first["conversation"], "v2")
        result = await client.call_tool("look_at", {**here, "version": "v2"})
        assert result.is_error and "v2 was deleted; this conversation has v1, v3." in result.content[0].text  # type: ignore[union-attr]
        back = await told(client, "undo", **here)
        assert back["version"] == "v1"

    talk(f"{site.address}/mcp", work)


def test_a_change_that_is_refused_leaves_nothing_behind(site: Site) -> None:
    async def work(client: Client) -> None:
        here = (await told(client, "create_picture", prompt="draw a cat"))["conversation"]
        await told(client, "edit_picture", conversation=here, change="bluer")
        before = site.app.turns.history(here, site.app.owner)
        talks = site.app.turns.list_conversations(site.app.owner)
        for tool, arguments in (
            ("edit_picture", {"conversation": here, "change": "a\0b", "version": "v1"}),
            ("edit_picture", {"conversation": here, "change": "red", "version": "v9"}),
            ("undo", {"conversation": here, "to": "v9"}),
            ("create_picture", {"prompt": "a\0b"}),
        ):
            assert (await client.call_tool(tool, arguments)).is_error
        assert site.app.turns.history(here, site.app.owner) == before
        assert site.app.turns.list_conversations(site.app.owner) == talks

    talk(f"{site.address}/mcp", work)


def test_what_waits_of_a_person_is_bounded_over_tools_and_api_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "MAX_WAITING", 2)
    with serving(tmp_path, lambda settings: build_with_fakes(settings, SlowPainter(2.0))) as site:

        async def work(client: Client) -> None:
            async with anyio.create_task_group() as both:
                for prompt in ("a cat", "a dog"):
                    both.start_soon(client.call_tool, "create_picture", {"prompt": prompt})
                with anyio.fail_after(20):
                    while len(site.app.turns.list_conversations(site.app.owner)) < 2:
                        await anyio.sleep(0.05)
                late = await client.call_tool("create_picture", {"prompt": "a hen"})
                assert late.is_error
                assert "Rate limit reached: 2 requests" in late.content[0].text  # type: ignore[union-attr]
                answer = await anyio.to_thread.run_sync(lambda: posted(site, prompt="a hen"))
                assert answer.status_code == 429
                here = site.app.turns.list_conversations(site.app.owner)[0].id
                assert not (await client.call_tool("list_versions", {"conversation": here})).is_error
            await told(client, "create_picture", prompt="a hen")

        talk(f"{site.address}/mcp", work)


def test_keys_are_looked_up_away_from_the_event_loop(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_loop: list[bool] = []
    look = KeyStore.any

    def watched(keys: KeyStore) -> bool:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            on_the_loop.append(False)
        else:
            on_the_loop.append(True)
        return look(keys)

    monkeypatch.setattr(KeyStore, "any", watched)
    httpx.post(f"{site.address}/mcp", json={})
    httpx.get(f"{site.address}/v1/models")
    assert on_the_loop == [False, False]


def test_every_tool_over_stdio(tmp_path: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "tests.fakes", "mcp", "--data", str(tmp_path)], cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    talk(stdio_client(command), every_tool)


def test_once_there_is_a_key_mcp_needs_it_too(tmp_path: Path) -> None:
    with serving(tmp_path) as site:
        _, secret = site.app.keys.make("ada", "test", site.app.turns.clock())
        assert httpx.post(f"{site.address}/mcp", json={}).status_code == 401
        assert httpx.post(f"{site.address}/mcp", json={}, headers={"origin": "https://evil.example"}).status_code == 403

        async def with_key() -> None:
            headers = {"Authorization": f"Bearer {secret}"}
            http = httpx2.AsyncClient(headers=headers, timeout=60)
            async with http, Client(streamable_http_client(f"{site.address}/mcp", http_client=http)) as client:
                await told(client, "create_picture", prompt="a fox")

        anyio.run(with_key)
        assert [talk.title for talk in site.app.turns.list_conversations("ada")] == ["a fox"]
