"""What people do with a picture beyond words, in a real Chromium: menus, masks, the canvas, locks, patterns."""

from __future__ import annotations

import dataclasses
import functools
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import pytest
from PIL import Image

from assistant.messages import ExtendPlan, MergePlan, UpscalePlan, VaryPlan
from captioner.request import FakeCaptioner, FakeChecker
from generation.request import BlobReader, Capabilities, FakePainter, FakeRegionFinder, Region, RenderRequest
from tests.browsing import Visit, axe_source, findings
from tests.fakes import build_with_fakes
from tests.serving import Site, serving
from tests.test_browser import CACHE
from ui.wiring import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


class FindingPainter(FakePainter):
    """A fake painter that finds regions too, always the upper half."""

    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        return FakeRegionFinder().find_region(request, blobs)


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    fakes = functools.partial(build_with_fakes, painter=FindingPainter(2), captioner=FakeCaptioner())
    with serving(tmp_path_factory.mktemp("data"), fakes, make_server) as site:
        yield site


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    visit = Visit(browser, site)
    yield visit
    visit.close()


def plans(visit: Visit) -> list[Any]:
    return [turn.plan for turn in visit.site.app.turns.history(visit.conversation)]


def choose(page: Any, menu: str, line: str) -> None:
    page.click(f"#chat [popovertarget={menu}]")
    page.click(f"#{menu} {line}")


def mask_of(site: Site, label: str, conversation: str) -> np.ndarray:
    recipe = site.app.store.version(conversation, label, site.app.owner).recipe
    assert recipe is not None and recipe.mask is not None
    return np.array(Image.open(io.BytesIO(site.app.blobs.read(recipe.mask))).convert("L"))


def test_the_tools_below_a_picture_build_their_plans_themselves(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    choose(page, "vary-v1", "[data-strength=subtle]")
    visit.wait_for_version("v2")
    page.click("#chat [data-do=zoom][data-version=v2]")
    visit.wait_for_version("v3")
    choose(page, "more-v3", "[data-do=upscale]")
    visit.wait_for_version("v4")
    _, varied, wider, larger = plans(visit)
    assert isinstance(varied, VaryPlan) and (varied.targets, varied.strength) == (("v1",), "subtle")
    assert isinstance(wider, ExtendPlan) and (wider.targets, wider.direction) == (("v2",), "out")
    assert isinstance(larger, UpscalePlan) and larger.targets == ("v3",)
    chat = page.inner_text("#chat")
    assert "v1, varied a little." in chat and "v2 with more round it." in chat


def test_four_pictures_are_picked_varied_and_enlarged_from_their_grid(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    choose(page, "vary-v1", "[data-do=four]")
    visit.wait_for_version("v2")
    assert page.locator(".lm-four figure").count() == 4
    for tool in (".lm-tool[data-do=upscale]", "[popovertarget^=vary-]"):
        assert page.locator(f".lm-four {tool}").count() == 4
    choose(page, "vary-v4", "[data-strength=strong]")
    visit.wait_for_version("v6")
    assert plans(visit)[-1].targets == ("v4",)


def test_a_painter_has_no_tool_for_what_it_cannot_do(browser: Browser, tmp_path: Path) -> None:
    from ui.web.server import make_server

    class Plain(FakePainter):
        def capabilities(self) -> Capabilities:
            return dataclasses.replace(super().capabilities(), acts=("create", "edit"))

    with serving(tmp_path, functools.partial(build_with_fakes, painter=Plain(2)), make_server) as site:
        visit = Visit(browser, site)
        page = visit.open()
        visit.say("draw a duck", "v1")
        for missing in ("[data-do=zoom]", "[data-do=upscale]", "[data-do=vary]", "[data-canvas]", "[data-refer]"):
            assert page.locator(missing).count() == 0
        page.click("#desk [data-mask]")
        assert page.locator("#lm-mask [value=thing]").is_hidden()
        visit.close()


def test_a_menu_is_used_by_keys_alone(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    page.focus("#chat [popovertarget=vary-v1]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#vary-v1:popover-open")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.do") == "four"
    page.keyboard.press("Escape")
    page.wait_for_selector("#vary-v1", state="hidden")
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "vary-v1"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    visit.wait_for_version("v2")
    assert plans(visit)[-1].strength == "strong"


def test_a_canvas_grows_by_its_edges_and_by_shapes_in_steps_of_the_painters(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    choose(page, "more-v1", "[data-canvas]")
    edge = page.locator("#lm-canvas .lm-edge[data-side=right]")
    box = edge.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"])
    page.mouse.up()
    assert (edge.get_attribute("aria-valuenow"), edge.get_attribute("aria-valuemax")) == ("64", "64")
    page.click("#lm-canvas-back")
    page.click("[data-shape='3:2']")
    assert page.text_content("#lm-canvas-size") == "96 × 64 pixels"
    assert page.get_attribute("[data-shape='3:2']", "aria-pressed") == "true"
    page.focus("#lm-canvas .lm-edge[data-side=up]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#lm-canvas .lm-edge[data-side=up]", "aria-valuetext") == "16 pixels more above"
    page.click("#lm-paint-rest")
    visit.wait_for_version("v2")
    version = visit.site.app.turns.versions(visit.conversation)[-1]
    assert (version.width, version.height) == (96, 80) and version.recipe.place == (16, 16)


def test_a_mask_is_painted_erased_inverted_and_undone_by_keys(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    page.click("#desk [data-mask]")
    page.check("#lm-mask [value=box]")
    page.focus("#lm-mask canvas")
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    page.wait_for_selector("#lm-found >> text=One corner is set")
    for _ in range(24):
        page.keyboard.press("ArrowDown")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")  # the right half
    page.click("#lm-invert")  # the left half
    page.click("#lm-clear")
    page.click("#lm-undo")
    page.check("#lm-mask [value=erase]")
    page.evaluate("document.querySelector('#lm-brush').value = 30")
    canvas = page.locator("#lm-mask canvas").bounding_box()
    page.mouse.move(canvas["x"] + 3, canvas["y"] + 3)  # the corner on the upper left
    page.mouse.down()
    page.mouse.up()
    page.click("#lm-mask >> text=Use this mask")
    page.wait_for_selector("#lm-masked >> text=Only inside your mask on v1")
    visit.say("paint it green", "v2")
    mask = mask_of(visit.site, "v2", visit.conversation)
    assert not mask[:, 33:].any() and mask[40:, :31].all() and not mask[:8, :8].any()


def test_an_empty_mask_is_said_and_not_used(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    page.click("#desk [data-mask]")
    page.click("#lm-mask >> text=Use this mask")
    page.wait_for_selector(".toast-wrap >> text=Nothing was painted over")
    assert page.locator("#lm-masked").is_hidden()


def select_the_bunny(page: Any, down: float) -> None:
    """Press on the middle of the open mask, so far down, and take the thing that is there."""
    page.check("#lm-mask [value=thing]")
    box = page.locator("#lm-mask canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * down)
    page.wait_for_selector("#lm-found >> text=Selected: the bunny")
    page.click("#lm-mask >> text=Use this mask")
    page.wait_for_selector("#lm-masked:not([hidden])")


def test_a_thing_is_selected_by_a_press_on_it_and_is_nobody_elses(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a bunny", "v1")
    page.click("#desk [data-mask]")
    select_the_bunny(page, 1 / 4)
    visit.say("paint it green", "v2")
    mask = mask_of(visit.site, "v2", visit.conversation)
    assert mask[:32].all() and not mask[32:].any()
    address, here = f"{visit.site.address}/parts", {"c": visit.conversation, "v": "v1", "x": 3, "y": 3}
    assert httpx.get(address, params=here).json()["parts"][0]["name"] == "the bunny"
    assert httpx.get(address, params={**here, "c": "nobody-has-this"}).status_code == 400
    assert httpx.get(address, params={**here, "x": -1}).status_code == 422


def test_words_of_a_prompt_are_locked_for_all_that_comes_of_it(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    page.click("[data-toggle=prompt-v1]")
    page.evaluate(
        "getSelection().setBaseAndExtent(document.querySelector('#prompt-v1 .lm-prompt').firstChild, 2, "
        "document.querySelector('#prompt-v1 .lm-prompt').firstChild, 18)"
    )
    page.click("#prompt-v1 [data-lock]")
    assert page.text_content("#prompt-v1 .lm-locks li span") == "full description"
    visit.say("make it happier", "v2")
    page.click("[data-toggle=prompt-v2]")
    page.wait_for_selector("#prompt-v2 .lm-locks >> text=full description")
    page.click("#prompt-v2 [data-lock]")
    page.fill("#prompt-v2 .lm-editor input", "make it HAPPIER")
    page.keyboard.press("Enter")
    page.wait_for_selector("#prompt-v2 .lm-locks >> text=make it happier")
    page.click("#prompt-v2 [data-unlock='full description']")
    page.wait_for_selector("#prompt-v2 .lm-locks li >> text=full description", state="detached")
    assert visit.site.app.turns.locked(visit.conversation, "v2", visit.site.app.owner) == ("make it happier",)
    page.click("#prompt-v2 [data-lock]")
    page.fill("#prompt-v2 .lm-editor input", "a giraffe")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast-wrap >> text=does not say “a giraffe”")
    visit.errors = [error for error in visit.errors if "400 (Bad Request)" not in error]


def test_a_picture_is_told_as_the_captioner_sees_it(browser: Browser, tmp_path: Path) -> None:
    from ui.web.server import make_server

    captioner = FakeCaptioner()
    fakes = functools.partial(build_with_fakes, captioner=captioner, checker=FakeChecker())
    with serving(tmp_path, fakes, make_server) as site:
        visit = Visit(browser, site)
        page = visit.open()
        visit.say("draw a duck", "v1")
        for part in ("#chat", "#desk"):
            page.wait_for_selector(f"{part} .lm-easel img[alt^='v1: a descriptive caption of']")
        visit.say("make it happier", "v2")
        page.wait_for_selector("#desk .lm-easel img[alt^='v2: a descriptive caption of']")
        assert page.locator("#chat img[alt^='v1: a descriptive caption of']").count() == 1
        asked = [kind for _, kind in captioner.captioned if kind != "short"]  # those are for the title
        assert asked == ["descriptive"] * 2  # each picture once
        image = visit.site.app.turns.versions(visit.conversation)[0].image
        visit.site.app.turns.delete_conversation(visit.conversation)
        assert httpx.get(f"{site.address}/captions/{image}").status_code == 404
        visit.close()


def test_two_versions_are_combined(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a duck", "v1")
    visit.say("draw a hat", "v2")
    choose(page, "more-v2", "[data-merge]")
    assert page.input_value("#lm-giver") == "v1"
    page.fill("#lm-taken", "the beak")
    page.keyboard.press("Enter")
    visit.wait_for_version("v3")
    plan = plans(visit)[-1]
    assert isinstance(plan, MergePlan) and (plan.targets, plan.region) == (("v2", "v1"), "the beak")


def test_a_picture_of_ones_own_is_the_pattern_of_a_new_one(visit: Visit, tmp_path: Path) -> None:
    page = visit.open()
    Image.new("RGB", (64, 48), "orange").save(tmp_path / "photo.png")
    page.set_input_files("#lm-file", tmp_path / "photo.png")
    visit.wait_for_version("v1")
    page.click(".lm-offers [data-refer=layout]")
    page.wait_for_selector("#lm-masked >> text=A new picture in the layout of v1")
    visit.say("draw a duck", "v2")
    version = visit.site.app.turns.versions(visit.conversation)[-1]
    assert version.parents == ("v1",) and "draw a duck" in version.prompt and plans(visit)[-1].strength == "subtle"
    page.click(".lm-offers [data-refer=subject]")
    page.wait_for_function("document.querySelector('#message textarea').value.startsWith('a short caption of')")
    page.wait_for_selector(".toast-wrap >> text=the captioner's words for v1")
    page.press("#message textarea", "Enter")
    visit.wait_for_version("v3")
    assert visit.site.app.turns.versions(visit.conversation)[-1].parents == ()
    page.click(".lm-offers [data-refer=style]")
    page.wait_for_selector(".toast-wrap >> text=names no style of v1")


def test_a_painter_that_reads_pictures_is_shown_the_pattern_itself(browser: Browser, tmp_path: Path) -> None:
    from ui.web.server import make_server

    class Reading(FakePainter):
        def capabilities(self) -> Capabilities:
            return dataclasses.replace(super().capabilities(), patterns=("subject", "style"))

    painter = Reading(2)
    fakes = functools.partial(build_with_fakes, painter=painter)  # and no captioner, who could say it in words
    with serving(tmp_path, fakes, make_server) as site:
        visit = Visit(browser, site)
        page = visit.open()
        Image.new("RGB", (64, 48), "orange").save(tmp_path / "photo.png")
        page.set_input_files("#lm-file", tmp_path / "photo.png")
        visit.wait_for_version("v1")
        page.click(".lm-offers [data-refer=subject]")
        page.wait_for_selector("#lm-masked >> text=A new picture of what v1 shows")
        visit.say("on a beach", "v2")
        page.click("#chat [popovertarget=more-v2]")
        page.click("#more-v2 [data-refer=style]")
        page.wait_for_selector("#lm-masked >> text=A new picture in the style of v2")
        visit.say("draw a fox", "v3")
        v1, v2, v3 = site.app.turns.versions(visit.conversation)
        asked = [(request.act, request.change, request.source_image) for request in painter.painted]
        assert asked == [("create", "subject", v1.image), ("create", "style", v2.image)]
        assert (v2.parents, v3.parents) == (("v1",), ("v2",))
        assert page.locator("#tree [data-version]").count() == 3
        painter.capabilities = FakePainter(2).capabilities  # type: ignore[method-assign]
        page.click("#chat [popovertarget=more-v3]")
        page.click("#more-v3 [data-refer=style]")
        page.fill("#message textarea", "draw an owl")
        page.keyboard.press("Enter")
        page.wait_for_selector(".lm-trouble >> text=takes no picture as a pattern")
        visit.close()


@pytest.mark.parametrize(("width", "dark"), [(1360, True), (390, False)])
def test_axe_finds_nothing_serious_in_what_opens(browser: Browser, site: Site, width: int, dark: bool) -> None:
    script = axe_source(CACHE)
    visit = Visit(browser, site, width, dark)
    page = visit.open()
    visit.say("draw a duck", "v1")
    visit.say("make it happier", "v2")
    for menu, line, dialog in (
        ("vary-v2", "", ""),
        ("more-v2", "[data-canvas]", "#lm-canvas"),
        ("more-v2", "[data-merge]", "#lm-merge"),
    ):
        page.click(f"#chat [popovertarget={menu}]")
        page.wait_for_selector(f"#{menu}:popover-open")
        assert findings(page, script) == []
        if line:
            page.click(f"#{menu} {line}")
            assert findings(page, script) == []
            assert page.evaluate(f"document.querySelector('{dialog}').getBoundingClientRect().right <= innerWidth")
        page.keyboard.press("Escape")
    page.click("#chat [data-mask=v2]")
    assert findings(page, script) == []
    page.keyboard.press("Escape")
    page.click("#chat [data-toggle=prompt-v2]")
    assert findings(page, script) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    visit.close()


def test_the_embedded_models_select_a_thing_and_paint_on_past_the_edges(browser: Browser, tmp_path: Path) -> None:
    from ui.web.server import make_server

    with serving(tmp_path, lambda settings: build(settings.model_copy(update={"threads": 1})), make_server) as site:
        visit = Visit(browser, site)
        page = visit.open()
        page.click(".lm-examples button >> nth=0")
        visit.wait_for_version("v1")
        page.click("#desk [data-mask]")
        select_the_bunny(page, 1 / 2)
        visit.say("make it brown", "v2")
        mask = mask_of(site, "v2", visit.conversation)
        choose(page, "more-v2", "[data-canvas]")
        page.click("[data-shape='3:2']")
        page.click("#lm-paint-rest")
        visit.wait_for_version("v3")
        first, second, third = (
            np.array(Image.open(io.BytesIO(site.app.blobs.read(version.image))))
            for version in site.app.turns.versions(visit.conversation)
        )
        assert 0 < mask.mean() < 0.9 * 255 and mask[256, 256]
        assert (first[mask == 0] == second[mask == 0]).all() and (first[mask > 0] != second[mask > 0]).any()
        assert third.shape == (512, 768, 3) and (third[:, 128:640] == second).all()
        assert third[:, :128].std() > 5 and third[:, 640:].std() > 5  # something is painted there
        visit.close()
