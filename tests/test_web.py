"""The page over HTTP, as a browser's script meets it: a real server with the public fakes behind it."""

from __future__ import annotations

import gc
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client

from assistant.messages import Turn, TurnStatus, Version
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from ui.commands.serve import listen
from ui.errors import SettingsError
from ui.settings import Settings
from ui.web import views

# gradio leaves sockets and event loops of its own open at import; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
STRANGER = "someone else"
CHAT, DESK, STRIP, SHELF, CONVERSATION = range(5)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    with serving(
        tmp_path_factory.mktemp("data"), lambda settings: build_with_fakes(settings, SlowPainter(0.6)), make_server
    ) as site:
        yield site
    gc.collect()


@pytest.fixture(scope="module")
def page(site: Site) -> Iterator[Client]:
    client = Client(site.address, verbose=False, download_files=False)
    yield client
    client.close()


def said(page: Client, message: str, conversation: str = "") -> tuple[Any, ...]:
    return tuple(page.predict(message, conversation, api_name="/send"))


def html_of(value: Any) -> str:
    return str(value["value"] if isinstance(value, dict) and "value" in value else value)


def chat_text(value: Any) -> str:
    return str(value)


@pytest.fixture(scope="module")
def bunny(page: Client) -> str:
    """A conversation of two pictures."""
    conversation = html_of(said(page, "draw a <i>bunny</i>")[CONVERSATION])
    said(page, "make it happier", conversation)
    return conversation


def test_the_page_comes_and_asks_nothing_of_the_internet(site: Site) -> None:
    page = httpx.get(site.address)
    assert page.status_code == 200
    assert "Limner" in page.text
    assert re.findall(r'(?:src|href)="https?://(?!127\.0\.0\.1)[^"]*\.(?:js|css|woff2?)"', page.text) == []


def test_a_message_paints_a_picture_that_can_be_fetched(site: Site, page: Client, bunny: str) -> None:
    versions = site.app.turns.versions(bunny, site.app.owner)
    assert [version.label for version in versions] == ["v1", "v2"]
    answer = httpx.get(f"{site.address}{views.picture_address(versions[0].image)}")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == site.app.blobs.read(versions[0].image)
    saved = httpx.get(f"{site.address}{views.picture_address(versions[1].image)}?save=v2")
    assert 'filename="limner-v2.png"' in saved.headers["content-disposition"]


def test_the_page_shows_the_picture_its_prompt_and_what_changed(page: Client, bunny: str) -> None:
    shown = said(page, "give it a hat", bunny)
    desk, strip = html_of(shown[DESK]), html_of(shown[STRIP])
    assert "v3" in desk
    assert "from v2" in desk
    assert "give it a hat" in desk
    assert "A full description of this: draw a &lt;i&gt;bunny&lt;/i&gt;." in desk
    assert re.findall(r'data-version="(v[0-9]+)"', strip) == ["v1", "v2", "v3"]
    assert bunny in html_of(shown[SHELF])
    assert "<i>" not in chat_text(shown[CHAT])


def test_coming_back_shows_the_conversation_as_it_was(page: Client, bunny: str) -> None:
    shown = page.predict(bunny, True, api_name="/open")
    assert "make it happier" in chat_text(shown[CHAT])
    assert html_of(shown[CONVERSATION]) == bunny
    assert 'aria-current="true"' in html_of(shown[STRIP])


def test_a_running_turn_shows_previews_and_goes_on_when_nobody_watches(site: Site, bunny: str) -> None:
    watcher = Client(site.address, verbose=False, download_files=False)
    job = watcher.submit("make it sadder", bunny, api_name="/send")
    frames = [chat_text(frame[CHAT]) for frame in job]
    watcher.close()
    assert any("data:image/png" in frame for frame in frames)
    assert any("Painting, step" in frame for frame in frames)
    turn = site.app.turns.submit(bunny, "and bluer", owner=site.app.owner)
    assert site.app.turns.wait(turn, 20, site.app.owner).status is TurnStatus.DONE


def test_stop_stops_the_turn(site: Site, page: Client, bunny: str) -> None:
    job = page.submit("make it slower", bunny, api_name="/send")
    for _ in range(100):
        time.sleep(0.05)
        turns = site.app.turns.history(bunny, site.app.owner)
        if turns[-1].message == "make it slower" and turns[-1].status is TurnStatus.PAINTING:
            break
    page.predict(bunny, api_name="/stop")
    job.result(timeout=20)
    assert site.app.turns.history(bunny, site.app.owner)[-1].status is TurnStatus.CANCELLED


def test_a_bad_message_is_answered_in_the_page_and_the_next_one_works(page: Client, bunny: str) -> None:
    shown = said(page, "x" * 50_000, bunny)
    assert "50,000" in chat_text(shown[CHAT])[-1500:]
    shown = said(page, "go back to v99", bunny)
    assert "v99" in chat_text(shown[CHAT])[-1500:]
    assert "Here it is" in chat_text(said(page, "draw a cat", bunny)[CHAT])[-1500:]


def test_what_is_no_picture_of_ones_own_is_unknown(site: Site, bunny: str) -> None:
    for digest in ("0" * 64, "x", "..%2f..%2flimner.db"):
        assert httpx.get(f"{site.address}/pictures/{digest}").status_code == 404
    image = site.app.turns.versions(bunny, site.app.owner)[0].image
    assert site.app.store.may_read(image, site.app.owner)
    assert not site.app.store.may_read(image, STRANGER)


def test_another_name_for_this_machine_is_refused(site: Site) -> None:
    assert httpx.get(site.address, headers={"Host": "evil.example"}).status_code == 400


def test_an_unknown_conversation_opens_an_empty_page(page: Client) -> None:
    shown = page.predict("nobody-has-this", True, api_name="/open")
    assert html_of(shown[CONVERSATION]) == ""


def test_a_port_in_use_is_said_or_stepped_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match="in use"):
            listen(Settings(port=port), exactly=True)
        with listen(Settings(port=port), exactly=False) as listener:
            assert listener.getsockname()[1] != port


def test_whatever_is_written_is_shown_as_it_was_written() -> None:
    turn = Turn("t", "c", None, 1, "*a* <script>x</script> [b](http://c)\n$d$", TurnStatus.FAILED, error="<b>no</b>")
    user, assistant = views.chat_messages([turn], {})
    assert "<script>" not in user["content"]
    assert "*a*" not in user["content"]
    assert "<b>" not in assistant["content"]
    version = Version("i", "c", "t", 1, (), '<img src=x onerror="y">', "", "", "0" * 64, None, 64, 64)
    assert "<img src=x" not in views.desk(version) + views.strip([version], "v1") + views.answer(turn, {"v1": version})


def test_the_words_of_a_prompt_that_its_parents_lacked_are_marked() -> None:
    before, after = "A calm bunny in a meadow.", "A happy bunny <b> in a meadow."
    assert views.marked(after, before) == "A <mark>happy</mark> bunny <mark>&lt;b&gt;</mark> in a meadow."
    assert views.marked(after, after) == "A happy bunny &lt;b&gt; in a meadow."
    assert "<mark>" not in views.marked(after, "")


def test_an_edit_says_how_much_of_the_picture_it_changed() -> None:
    first = Version("i", "c", "t", 1, (), "A calm bunny.", "", "", "0" * 64, None, 64, 64)
    second = Version("j", "c", "u", 2, ("v1",), "A happy bunny.", "make it happier", "the face", "1" * 64, None, 64, 64,
                     changed=0.123)  # fmt: skip
    desk = views.desk(second, first)
    assert "the face (12% of the picture)" in desk and "<mark>happy</mark>" in desk


def test_an_edited_message_leaves_the_old_one_out() -> None:
    first = Turn("a", "c", None, 1, "one", TurnStatus.DONE)
    old = Turn("b", "c", "a", 2, "two", TurnStatus.DONE)
    new = Turn("d", "c", "a", 3, "deux", TurnStatus.DONE)
    assert [turn.message for turn in views.path_to_newest([first, old, new])] == ["one", "deux"]


def test_the_style_is_in_the_package() -> None:
    assert (Path(views.__file__).parent / "style.css").is_file()
