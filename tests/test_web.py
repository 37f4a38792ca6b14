"""The page over HTTP, as a browser's script meets it: a real server with the public fakes behind it."""

from __future__ import annotations

import functools
import io
import json
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import c2pa
import httpx
import pytest
from PIL import Image

from assistant.errors import MessageError
from assistant.messages import Conversation, EditPlan, Event, Turn, TurnStatus, VaryPlan, Version
from assistant.story import bare
from captioner.request import Check
from generation.request import Capabilities, FakePainter
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from tests.tabs import Tab
from ui.commands.serve import listen
from ui.errors import SettingsError
from ui.settings import Settings
from ui.web import buttons, desk, toolbar, views, wishes
from ui.web.following import Watch
from ui.web.looks import SCRIPTS, STYLES
from ui.web.pictures import RAW

# gradio leaves sockets and event loops of its own open at import; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
STRANGER = "someone else"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    build = functools.partial(build_with_fakes, painter=SlowPainter(0.6))
    with serving(tmp_path_factory.mktemp("data"), build, make_server) as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site) -> Iterator[Tab]:
    with Tab(site) as tab:
        yield tab


@pytest.fixture(scope="module")
def bunny(page: Tab) -> str:
    """A conversation of two pictures."""
    conversation = page.say("draw a <i>bunny</i>").conversation
    page.say("make it happier", conversation)
    return conversation


def test_the_page_comes_and_asks_nothing_of_the_internet(site: Site) -> None:
    page = httpx.get(site.address)
    assert page.status_code == 200
    assert "Limner" in page.text
    assert re.findall(r'(?:src|href)="https?://(?!127\.0\.0\.1)[^"]*\.(?:js|css|woff2?)"', page.text) == []


def test_a_message_paints_a_picture_that_can_be_fetched(site: Site, page: Tab, bunny: str) -> None:
    versions = site.app.turns.versions(bunny, site.app.owner)
    assert [version.label for version in versions] == ["v1", "v2"]
    answer = httpx.get(f"{site.address}{views.picture_address(versions[0].image)}")
    assert answer.headers["content-type"] == "image/png"
    assert bare(answer.content) == site.app.blobs.read(versions[0].image)
    saved = httpx.get(f"{site.address}{views.picture_address(versions[1].image)}?save=v2")
    assert 'filename="limner-v2.png"' in saved.headers["content-disposition"]
    for file in (answer.content, saved.content):
        assert c2pa.Reader("image/png", io.BytesIO(file)).get_validation_state() == "Valid"


def test_a_saved_picture_that_is_brought_back_has_its_prompt_and_seed(site: Site, bunny: str) -> None:
    version = site.app.turns.versions(bunny, site.app.owner)[0]
    saved = httpx.get(f"{site.address}{toolbar.save_address(version)}").content
    answer = httpx.post(f"{site.address}/pictures", content=saved, headers={"content-type": RAW})
    back = site.app.turns.versions(answer.json()["conversation"], site.app.owner)[0]
    assert back.prompt == version.prompt and back.recipe == version.recipe


def test_the_page_shows_the_picture_its_prompt_and_what_changed(page: Tab, bunny: str) -> None:
    page.say("give it a hat", bunny)
    beside, tree = page.desk, page.sheet("tree")
    assert "v3" in beside
    assert "from v2" in beside
    assert "give it a hat" in beside
    assert "A full description of this: draw a &lt;i&gt;bunny&lt;/i&gt;." in beside
    assert re.findall(r'data-version="(v[0-9]+)"', tree) == ["v1", "v2", "v3"]
    assert bunny in page.sheet("shelf")
    assert "<i>" not in page.sheet("chat")


def test_coming_back_shows_the_conversation_as_it_was(page: Tab, bunny: str) -> None:
    page.open(bunny)
    assert "make it happier" in page.sheet("chat")
    assert page.conversation == bunny
    assert 'aria-current="true"' in page.sheet("tree")


def test_a_running_turn_shows_previews_and_goes_on_when_nobody_watches(site: Site, bunny: str) -> None:
    with Tab(site) as watcher:
        watcher.say("make it sadder", bunny)
    assert any("Painting, step" in frame for frame in watcher.lives)
    previews = [found.group() for frame in watcher.lives if (found := re.search(r"/previews/[0-9a-f]+", frame))]
    assert previews
    assert httpx.get(site.address + previews[0]).headers["content-type"] == "image/png"
    assert httpx.get(f"{site.address}/previews/nobody-has-this").status_code == 404
    turn = site.app.turns.submit(bunny, "and bluer", owner=site.app.owner)
    assert site.app.turns.wait(turn, 20, site.app.owner).status is TurnStatus.DONE


def test_only_what_goes_on_for_long_waits_in_the_queue_of_gradio(site: Site) -> None:
    # What is over at once would be lost where its answer comes as the stream of others closes.
    asked = httpx.get(f"{site.address}/config").json()["dependencies"]
    queued = {each["queue"] is not False for each in asked if each["types"]["generator"]}
    at_once = [each for each in asked if not each["types"]["generator"] and each["targets"][0][1] != "unload"]
    assert queued == {True} and len(at_once) >= 7
    assert not [each["api_name"] for each in at_once if each["queue"] is not False]


def test_a_conversation_that_is_opened_is_sent_once(site: Site, bunny: str) -> None:
    function = next(
        each["id"] for each in httpx.get(f"{site.address}/config").json()["dependencies"] if each["api_name"] == "open"
    )
    asked = {"data": [bunny], "fn_index": function, "session_hash": "sentonce"}
    assert httpx.post(f"{site.address}/gradio_api/queue/join", json=asked).status_code == 200
    sizes: dict[str, int] = {}
    with httpx.stream("GET", f"{site.address}/gradio_api/queue/data", params={"session_hash": "sentonce"}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                kind = json.loads(line[6:])["msg"]
                sizes[kind] = sizes.get(kind, 0) + len(line)
                if kind == "process_completed":
                    break
    assert sizes["process_generating"] > 5_000 and sizes["process_completed"] < 2_000, sizes


def test_stop_stops_the_turn(site: Site, page: Tab, bunny: str) -> None:
    job = page.begin("make it slower", bunny)
    for _ in range(100):
        time.sleep(0.05)
        turns = site.app.turns.history(bunny, site.app.owner)
        if turns[-1].message == "make it slower" and turns[-1].status is TurnStatus.PAINTING:
            break
    page.client.predict(bunny, api_name="/stop")
    page.follow(job)
    assert site.app.turns.history(bunny, site.app.owner)[-1].status is TurnStatus.CANCELLED
    assert "Stopped." in page.sheet("chat")


def test_a_bad_message_is_answered_in_the_page_and_the_next_one_works(page: Tab, bunny: str) -> None:
    assert "50,000" in page.say("x" * 50_000, bunny).sheet("chat")
    assert "There is no v99" in page.say("go back to v99", bunny).sheet("chat")
    assert "Here it is" in page.say("draw a cat", bunny).sheet("chat")


def test_what_is_no_picture_of_ones_own_is_unknown(site: Site, bunny: str) -> None:
    for digest in ("0" * 64, "x", "..%2f..%2flimner.db"):
        assert httpx.get(f"{site.address}/pictures/{digest}").status_code == 404
    image = site.app.turns.versions(bunny, site.app.owner)[0].image
    assert site.app.store.may_read(image, site.app.owner)
    assert not site.app.store.may_read(image, STRANGER)


def test_another_name_for_this_machine_is_refused(site: Site) -> None:
    assert httpx.get(site.address, headers={"Host": "evil.example"}).status_code == 400


def test_an_unknown_conversation_opens_an_empty_page(page: Tab) -> None:
    assert page.open("nobody-has-this").conversation == ""
    assert "lm-welcome" in page.sheet("chat")


def test_a_port_in_use_is_said_or_stepped_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match="in use"):
            listen(Settings(port=port), exactly=True)
        with listen(Settings(port=port), exactly=False) as listener:
            assert listener.getsockname()[1] != port


def a_version(number: int, parents: tuple[str, ...] = (), prompt: str = "A calm bunny.", **more: Any) -> Version:
    more = {"change": "", "region": "", **more}
    return Version(
        f"i{number}", "c", f"t{number}", number, parents, prompt, image=f"{number:064x}", latent=None, width=64,
        height=64, **more,
    )  # fmt: skip


def a_turn(number: int, parent: str | None, label: str | None = None, **more: Any) -> Turn:
    made = (label,) if label else ()
    return Turn(f"t{number}", "c", parent, number, f"say {number}", TurnStatus.DONE, ends_on=label, made=made, **more)


def test_whatever_is_written_is_shown_as_it_was_written() -> None:
    turn = Turn("t", "c", None, 1, "<script>x</script> {{y}}", TurnStatus.FAILED, error="<b>no</b>")
    version = a_version(1, prompt='<img src=x onerror="y">', change="<i>bluer</i>")
    shown = views.Shown((turn,), (turn,), {"v1": version}, "v1")
    found = Conversation("c", "you", '<u title="x">', "", datetime.now(UTC).isoformat())
    made = views.answer(Turn("t", "c", None, 1, "x", TurnStatus.DONE, made=("v1",)), shown)
    sheets = (views.chat(shown), views.after(shown), desk.tree(shown), desk.shelf([found], "c", datetime.now(UTC)))
    everything = "".join(piece for sheet in sheets for piece in sheet.values()) + made + desk.desk(shown)
    assert not [tag for tag in ("<script", "<b>", "<img src=x", "<i>", "<u ") if tag in everything]


def test_a_tree_of_versions_goes_on_with_the_first_child_and_branches_with_the_others() -> None:
    versions = [a_version(1), a_version(2, ("v1",)), a_version(3, ("v2",)), a_version(4, ("v1",)), a_version(5)]
    shown = views.shown([a_turn(1, None, "v1")], versions)
    tree = desk.tree(shown)
    assert list(tree) == ["v1", "v4", "v2", "v3", "v5"]
    assert [label for label, row in tree.items() if "--depth: 1" in row] == ["v4"]
    many = [a_version(1), *(a_version(number, (f"v{number - 1}",)) for number in range(2, 1200))]
    assert len(desk.tree(views.shown([], many))) == 1199


def test_the_button_for_another_try_repeats_a_change_and_else_the_prompt() -> None:
    edited = a_version(2, ("v1",), change="make it bluer", region="the fur")
    _, plan = buttons.again(edited, 4)
    assert isinstance(plan, EditPlan)
    assert (plan.targets, plan.change, plan.region, plan.count, plan.seed) == (
        ("v1",), "make it bluer", "the fur", 4, None,
    )  # fmt: skip
    _, plan = buttons.again(a_version(1), 1)
    assert isinstance(plan, VaryPlan) and plan.targets == ("v1",)
    with pytest.raises(MessageError, match="1 to 8,000 letters and this has 9,000"):
        buttons.exactly("x" * 9_000)
    with pytest.raises(MessageError, match="1 to 8,000 letters and this has 0"):
        buttons.exactly(" ", edits=True)


def test_a_picture_that_nobody_could_describe_is_not_offered_to_be_painted_again() -> None:
    for prompt in ("A calm bunny.", ""):
        turn = a_turn(1, None, "v1")
        page = views.chat(views.shown([turn], [a_version(1, prompt=prompt)]))["turn-t1"]
        assert ('data-do="again"' in page) == ('data-do="four"' in page) == bool(prompt)
        assert "Save" in page


def test_own_words_with_a_mask_change_what_is_inside_it_and_are_the_whole_instruction(tmp_path: Path) -> None:
    from ui.web.server import make_server

    painter = FakePainter(2)
    with serving(tmp_path, functools.partial(build_with_fakes, painter=painter), make_server) as site:
        tab = Tab(site)
        conversation = tab.say("draw a bunny").conversation
        buffer = io.BytesIO()
        Image.new("RGBA", painter.capabilities().default_size).save(buffer, "PNG")
        kept = httpx.post(
            f"{site.address}/masks?c={conversation}&v=v1", content=buffer.getvalue(), headers={"content-type": RAW}
        )
        tab.say("a red hat", conversation, exact=True, mask=kept.json()["mask"])
        tab.client.close()
        made = site.app.turns.versions(conversation, site.app.owner)[-1]
    assert (made.parents, made.prompt, made.change) == (("v1",), "a red hat", "a red hat")
    assert painter.painted[-1].change == "a red hat" and painter.painted[-1].mask == kept.json()["mask"]


def test_undo_goes_to_the_parent_or_to_the_picture_before() -> None:
    versions = {version.label: version for version in (a_version(1), a_version(2, ("v1",)), a_version(3))}
    path = [a_turn(1, None, "v1"), a_turn(2, "t1", "v2"), a_turn(3, "t2", "v3")]
    assert buttons.before("v2", path[:2], versions) == "v1"
    assert buttons.before("v3", path, versions) == "v2"
    assert buttons.before("v1", path[:1], versions) is None


def test_shapes_are_those_that_the_painter_can_paint() -> None:
    one = Capabilities("one", ("create",), (128, 128), 128, 128, 16, 4, 8, 8, True)
    many = Capabilities("many", ("create",), (512, 512), 64, 1024, 16, 4, 8, 8, True)
    assert [size for _, size in buttons.shapes(one)] == [(128, 128)]
    assert [size for _, size in buttons.shapes(many)] == [(512, 512), (624, 416), (416, 624)]


def test_what_one_might_say_next_is_not_shown_yet() -> None:
    prompt = "An overjoyed bunny in a forest at night, in the snow, a watercolour."
    said = {wish for salt in "abcdefgh" for wish in wishes.next_wishes(prompt, salt)}
    assert not said & {"make it happier", "make it night", "let it snow", "as a watercolour", "put it in a forest"}
    assert wishes.next_wishes(prompt, "a") == wishes.next_wishes(prompt, "a")
    assert len(wishes.next_wishes(prompt, "a")) == 3


def test_what_one_might_say_next_names_the_thing_that_it_means() -> None:
    def all_for(prompt: str) -> str:
        return ", ".join(wishes.next_wishes(prompt, "a", count=99))

    assert "make it happier" in all_for("A calm bunny in a meadow.") and "make it happier" in all_for("Une allégorie.")
    assert "happier" not in all_for("A red castle.") and "glasses" not in all_for("A red castle.")
    two = all_for("A house and a calm bunny in a meadow.")
    assert "make the bunny happier" in two and "put the house on a beach" in two


def test_the_example_pictures_are_small() -> None:
    examples = Path(wishes.__file__).parent / "examples"
    assert all((examples / starter.picture).stat().st_size < 20_000 for starter in wishes.STARTERS)


def test_another_branch_is_shown_by_its_turn() -> None:
    turns = [a_turn(1, None, "v1"), a_turn(2, "t1", "v2"), a_turn(3, "t2", "v3"), a_turn(4, "t1", "v4")]
    versions = [a_version(1), a_version(2, ("v1",)), a_version(3, ("v2",)), a_version(4, ("v1",))]
    assert views.newest_under(turns, "t2") == "t3"
    old = views.shown(turns, versions, "t3")
    assert [turn.id for turn in old.path] == ["t1", "t2", "t3"] and old.current == "v3"
    assert "This is an earlier branch." in views.after(old)["after"]
    assert any('data-turn="t4"' in piece for piece in views.chat(old).values())
    assert views.shown(turns, versions).current == "v4"


def test_conversations_stand_under_their_days() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    days = ("2026-11-21", "2026-11-20", "2026-11-16", "2026-10-01")
    found = [Conversation(day, "you", day, day, f"{day}T08:00:00+00:00") for day in days]
    headings = list(desk.shelf(found, "", now))
    assert headings == ["Today", "Yesterday", "This week", "Earlier"]
    assert "No conversation has these words." in desk.shelf([], "", now, "zebra")["empty"]


def test_a_thumbnail_is_small_and_only_for_its_owner(site: Site, bunny: str) -> None:
    image = site.app.turns.versions(bunny, site.app.owner)[0].image
    for width in views.WIDTHS:
        small = httpx.get(f"{site.address}{views.thumbnail_address(image, width)}")
        assert small.headers["content-type"] == "image/webp" and "immutable" in small.headers["cache-control"]
        assert Image.open(io.BytesIO(small.content)).width == min(width, 64)
        tagged = {"if-none-match": small.headers["etag"]}
        again = httpx.get(f"{site.address}{views.thumbnail_address(image, width)}", headers=tagged)
        assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(f"{site.address}{views.thumbnail_address(image, 113)}").status_code == 404
    assert httpx.get(f"{site.address}{views.thumbnail_address('0' * 64, 112)}").status_code == 404
    assert httpx.get(f"{site.address}/examples/bunny.webp").status_code == 200
    assert httpx.get(f"{site.address}/examples/..%2fpage.py").status_code == 404


def test_below_a_picture_stands_what_was_looked_for_in_it() -> None:
    checks = (Check("cat", True), Check("<i>red</i> cat", False, "cat"))
    shown = views.shown([a_turn(1, None, "v1")], [a_version(1, checks=checks)])
    chat = views.chat(shown)["turn-t1"]
    assert "Not seen: &lt;i&gt;red&lt;/i&gt; cat</summary>" in chat and chat.count("<li class=") == 2
    assert "Nothing missing (1 detail)" in views.checked(a_version(1, checks=checks[:1]))
    assert "lm-checks" not in views.checked(a_version(1)) + views.checked(a_version(1, checks=()))


def test_while_a_picture_is_painted_again_the_page_says_why() -> None:
    watch = Watch("t")
    watch.after(Event("t", 1, "progress", {"step": 8, "steps": 8}))
    live = watch.after(Event("t", 2, "checked", {"try": 1, "missing": ["red cat", "night"]}))
    assert "Painting again, not as asked: red cat, night" in views.live(live)


def test_progress_tells_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 11.0, 12.0])
    # The page's own clock only: the server of the other tests asks the real one for the time.
    monkeypatch.setattr("ui.web.following.time", SimpleNamespace(monotonic=lambda: next(clock)))
    watch = Watch("t")
    steps = [watch.after(Event("t", step, "progress", {"step": step, "steps": 8})) for step in (1, 2, 3)]
    assert [live.left for live in steps] == [None, 6.0, 5.0]
    assert "about 5 s to go" in views.live(steps[-1])


def test_the_words_of_a_prompt_that_its_parents_lacked_are_marked() -> None:
    before, after = "A calm bunny in a meadow.", "A happy bunny <b> in a meadow."
    assert views.marked(after, before) == "A <mark>happy</mark> bunny <mark>&lt;b&gt;</mark> in a meadow."
    assert views.marked(after, after) == "A happy bunny &lt;b&gt; in a meadow."
    assert "<mark>" not in views.marked(after, "")


def test_an_edit_says_how_much_of_the_picture_it_changed() -> None:
    second = a_version(2, ("v1",), "A happy bunny.", change="make it happier", region="the face", changed=0.123)
    shown = views.shown([a_turn(1, None, "v1"), a_turn(2, "t1", "v2")], [a_version(1), second])
    beside = desk.desk(shown)
    assert "the face (12% of the picture)" in beside and "<mark>happy</mark>" in beside


def test_an_edited_message_leaves_the_old_one_out() -> None:
    turns = [a_turn(1, None), a_turn(2, "t1"), a_turn(3, "t1")]
    assert [turn.message for turn in views.path_to(turns)] == ["say 1", "say 3"]


def test_the_style_and_the_script_are_in_the_package() -> None:
    assert (Path(views.__file__).parent / "style.css").is_file()
    assert all(path.is_file() for path in (*SCRIPTS, *STYLES))


def test_a_picture_of_ones_own_is_kept_upright_and_bare_and_can_be_changed(site: Site, page: Tab) -> None:
    photo = Image.new("RGB", (40, 30), "orange")
    photo.paste("blue", (0, 0, 40, 15))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", exif=exif, quality=95)
    answer = httpx.post(f"{site.address}/pictures", content=buffer.getvalue(), headers={"Content-Type": RAW})
    conversation = answer.json()["conversation"]
    (own,) = site.app.turns.versions(conversation, site.app.owner)
    kept = Image.open(io.BytesIO(site.app.blobs.read(own.image)))
    assert (own.origin, own.width, own.height, kept.size) == ("uploaded", 30, 40, (30, 40))
    assert not kept.getexif() and kept.getpixel((25, 20))[2] > 200 and kept.getpixel((5, 20))[0] > 200
    assert "a picture of your own" in page.say("make it happier", conversation).sheet("chat")
    assert site.app.turns.versions(conversation, site.app.owner)[1].parents == ("v1",)


def encoded(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        (encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"), (255, 0, 0)),
        (encoded(Image.new("I;16", (8, 8), 0x8080)), (128, 128, 128)),
        (encoded(Image.new("RGB", (8, 8), "red"), icc_profile=b"no profile at all"), (255, 0, 0)),
        (encoded(Image.new("P", (8, 8), 0), transparency=0), (255, 255, 255)),
        (encoded(Image.new("RGB", (8, 8), "red"), "WEBP", lossless=True), (255, 0, 0)),
    ],
)
def test_unusual_pictures_of_ones_own_are_read_as_they_are_meant(
    site: Site, content: bytes, colour: tuple[int, int, int]
) -> None:
    answer = httpx.post(f"{site.address}/pictures", content=content, headers={"Content-Type": RAW})
    assert answer.status_code == 200, answer.text
    (own,) = site.app.turns.versions(answer.json()["conversation"], site.app.owner)
    seen = Image.open(io.BytesIO(site.app.blobs.read(own.image))).convert("RGB").getpixel((4, 4))
    assert isinstance(seen, tuple)
    assert all(abs(one - other) <= 3 for one, other in zip(seen, colour, strict=True))


@pytest.mark.parametrize(
    ("content", "kind", "status", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", RAW, 400, "cannot be read"),
        (b"<!doctype html><script>alert(1)</script>", RAW, 400, "cannot be read"),
        (b"", RAW, 400, "cannot be read"),
        (encoded(Image.new("RGB", (64, 64), "red"))[:100], RAW, 400, "cannot be read"),
        (encoded(Image.new("1", (8000, 5001))), RAW, 400, "8000x5001 pixels and at most 40 megapixels"),
        (encoded(Image.new("RGB", (8, 8)), "GIF"), RAW, 400, "send a PNG, JPEG or WebP"),
        (moving("PNG"), RAW, 400, "it has 2 frames. Send one still picture."),
        (moving("WEBP"), RAW, 400, "it has 2 frames. Send one still picture."),
        (b"\x89PNG", "multipart/form-data; boundary=x", 415, "Send the file itself"),
        (b"x" * (20 * 2**20 + 1), RAW, 413, "larger than 20 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence_and_leaves_nothing(
    site: Site, content: bytes, kind: str, status: int, sentence: str
) -> None:
    before = site.app.turns.list_conversations(site.app.owner)
    answer = httpx.post(f"{site.address}/pictures", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.text.count("\n")) == (status, 0) and sentence in answer.text
    assert site.app.turns.list_conversations(site.app.owner) == before
    assert (
        httpx.post(
            f"{site.address}/pictures?c=nobody-has-this", content=png(), headers={"Content-Type": RAW}
        ).status_code
        == 400
    )


def png() -> bytes:
    return encoded(Image.new("RGB", (8, 8), "red"))
