"""The page in a real Chromium in other languages: nothing is left in English, and a right-to-left one reads right."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from captioner.request import FakeCaptioner, FakeChecker
from tests.browsing import Visit, axe_source, findings
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from tests.test_browser import CACHE
from tests.test_browser_tools import FindingPainter
from ui.web.texts import PSEUDO

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

BARE = """() => {
  const found = new Set();
  // What people, models and nobody wrote: their words, labels of versions, a brand, what gradio shows by itself.
  const other = '[dir="auto"], [lang="en"], [translate="no"], .lm-label, .lm-recipe, .lm-locks, option[lang], ' +
    'script, style, .toast-wrap, #lm-taken, #hands, #news, #conversation, #tip';
  const apart = element => ![null, document.body, document.documentElement].includes(element.closest(other));
  const lines = "p, li, h1, h2, h3, summary, figcaption, label, legend, button, a, option, dt, dd, div, section, td";
  let depth = 0, line = null;
  // A text may stand in another, and around what somebody else wrote: brackets go on to the end of a line.
  const outside = (text) => [...text].filter((sign) => {
    if (sign === "[") depth += 1;
    else if (sign === "]") depth -= 1;
    return depth === 0 && sign !== "]";
  }).join("");
  const note = (text, element, name) => {
    if (apart(element)) return;
    if (name || line !== element.closest(lines)) depth = 0;
    line = name ? null : element.closest(lines);
    const bare = outside(text).replace(/\\bv\\d+\\b/g, "");
    // "Textbox" is the hidden name that gradio gives a field without a label.
    if (bare.trim() !== "Textbox" && /\\p{L}{2,}/u.test(bare)) found.add(text.trim() + " <" + element.tagName + ">");
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) note(node.data, node.parentElement);
    else {
      const names = ["aria-label", "title", "placeholder", "aria-valuetext"];
      // Those say what is in the picture.
      if (!node.closest("#chat .lm-easel, #desk .lm-easel, #lm-large, #lm-compare")) names.push("alt");
      for (const name of names) if (node.getAttribute(name)) note(node.getAttribute(name), node, name);
    }
  }
  return [...found];
}"""
"""Returns what can be read or heard on the page and is no text of ours in brackets."""


class Painter(SlowPainter):
    """A fake painter that takes its time and finds regions too, always the upper half."""

    find_region = FindingPainter.find_region


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    checker = FakeChecker(sees=lambda image, word: word != "description")
    fakes = functools.partial(build_with_fakes, painter=Painter(0.4), captioner=FakeCaptioner(), checker=checker)
    with serving(tmp_path_factory.mktemp("data"), fakes, make_server, tries=1) as site:
        yield site


def test_every_word_of_the_first_page_is_one_of_the_texts(browser: Browser, site: Site) -> None:
    visit = Visit(browser, site, locale=PSEUDO)
    page = visit.open()
    page.wait_for_selector(".lm-model >> text=[Fake paints")
    assert page.evaluate(BARE) == []
    page.evaluate("document.body.append('Forgotten')")
    assert page.evaluate(BARE) == ["Forgotten <BODY>"]
    page.evaluate("document.body.lastChild.remove()")
    visit.close()


def test_every_word_of_a_conversation_its_menus_and_its_dialogs_is_one_of_the_texts(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    visit = Visit(browser, site, locale=PSEUDO)
    page, keys = visit.open(), visit.page.keyboard
    seen: dict[str, list[str]] = {}

    def look(where: str) -> None:
        seen[where] = [text for text in page.evaluate(BARE) if all(text not in texts for texts in seen.values())]

    def use(button: str, then: str, where: str) -> None:
        page.click(button)
        page.wait_for_selector(then)
        look(where)

    page.click(".lm-examples button >> nth=0")
    visit.wait_for_version("v1")
    look("a picture, and what one might say next")
    visit.say("make it happier", "v2")
    use("#chat [popovertarget=vary-v2]", "#vary-v2:popover-open", "the menu of variations")
    page.click("#vary-v2 [data-strength=subtle]")
    visit.wait_for_version("v3")
    page.click("#desk [popovertarget=beside-v3]")
    use("#beside-v3 [data-merge]", "#lm-merge[open]", "combining two versions")
    page.fill("#lm-taken", "the beak")
    keys.press("Enter")
    visit.wait_for_version("v4")
    look("what was combined")
    page.click("#chat [data-do=zoom][data-version=v4]")
    visit.wait_for_version("v5")
    use("#chat [popovertarget=more-v5]", "#more-v5:popover-open", "the menu of what is rarer")
    page.click("#more-v5 [data-do=upscale]")
    visit.wait_for_version("v6")
    look("what was enlarged")

    use("#desk [data-mask]", "#lm-mask[open]", "the mask")
    page.check("#lm-mask [value=box]")
    page.focus("#lm-mask canvas")
    keys.press("Space")
    look("one corner of a box")
    for _ in range(6):
        keys.press("ArrowDown")
    keys.press("Space")
    page.check("#lm-mask [value=thing]")
    page.mouse.click(*place(page, "#lm-mask canvas", 1 / 4))
    page.wait_for_selector("#lm-found >> text=the bunny")
    look("a thing that was selected")
    use("#lm-mask [value=use]", "#lm-masked:not([hidden])", "what the message is held to")
    page.click("#lm-unmask")
    page.click("#desk [popovertarget=beside-v6]")
    use("#beside-v6 [data-canvas]", "#lm-canvas[open]", "the canvas")
    page.click("[data-shape='3:2']")
    page.focus("#lm-canvas .lm-edge[data-side=up]")
    keys.press("ArrowUp")
    look("a canvas that has grown")
    page.click("#lm-paint-rest")
    visit.wait_for_version("v7")
    look("what was painted past the edges")
    use("#desk [data-compare]", "#lm-compare[open]", "the comparison")
    keys.press("Escape")
    use("#desk .lm-easel", "#lm-large[open]", "the picture, large")
    keys.press("Escape")

    page.click("[data-options]")
    use("#style input", "[role=option]", "the options")
    keys.press("Escape")
    page.click("[data-options]")
    use("figure [data-toggle=prompt-v7]", "#prompt-v7", "the prompt")
    page.click("#prompt-v7 [data-lock]")
    page.fill("#prompt-v7 .lm-editor input", "full description")
    keys.press("Enter")
    page.wait_for_selector("#prompt-v7 .lm-locks li")
    look("a lock")
    use("#prompt-v7 [data-do=exact]", "#prompt-v7 .lm-editor", "a prompt that is changed")
    page.click("#prompt-v7 .lm-editor [type=submit]")
    visit.wait_for_version("v8")
    look("words of one's own")
    page.click("#desk details summary")
    use("#chat .lm-checks summary >> nth=-1", "#chat .lm-checks[open] li", "the recipe, and what was looked for")
    use(".lm-said [data-do=edit] >> nth=0", ".lm-said .lm-editor", "a message that is changed")
    keys.press("Escape")
    page.click("#chat [popovertarget=vary-v8]")
    page.click("#vary-v8 [data-do=four]")
    visit.wait_for_version("v9")
    look("four to choose from")
    page.evaluate("document.activeElement.blur()")
    keys.press("u")
    visit.wait_for_version("v8")
    use("#tree [data-version=v2]", '#desk .lm-label >> text="v2"', "an older version")
    use("#desk [data-do=branch]", ".lm-branch", "an earlier branch")
    page.click("[data-do=newest]")
    page.wait_for_selector(".lm-branch", state="detached")
    Image.new("RGB", (64, 48), "orange").save(tmp_path / "photo.png")
    page.set_input_files("#lm-file", tmp_path / "photo.png")
    page.wait_for_selector(".lm-offers")
    look("a picture of one's own")
    use(".lm-offers [data-refer=layout]", "#lm-masked:not([hidden])", "a picture as a pattern")
    page.click("#lm-unmask")

    page.hover("#shelf li")
    use("#shelf [data-do=rename] >> nth=0", "#shelf .lm-editor", "a conversation that is renamed")
    keys.press("Escape")
    page.hover("#shelf li")
    use("#shelf [data-do=delete] >> nth=0", "#shelf .lm-ask", "a conversation that is deleted")
    page.click("#shelf .lm-ask button >> nth=-1")
    page.fill("#search input", "nothing has these words")
    page.wait_for_selector(".lm-shelf-empty")
    look("a search that finds nothing")
    painter: Any = site.app.turns.painter
    painter.before_step, quick = (lambda step: time.sleep(0.7)), painter.before_step
    try:
        page.fill("#message textarea", "make it sadder")
        keys.press("Enter")
        page.wait_for_selector(".lm-plan >> text=make it sadder")
        look("the plan")
        page.wait_for_selector(".lm-live .lm-progress:not(.lm-waiting)")
        look("a picture in progress")
        page.click("#stop")
        visit.page.wait_for_selector("#chat [data-do=retry]")
        look("what was stopped")
    finally:
        painter.before_step = quick
    page.fill("#message textarea", "go to v99")
    keys.press("Enter")
    page.wait_for_selector(".lm-trouble")
    look("what cannot be done")
    assert {where: texts for where, texts in seen.items() if texts} == {}
    visit.picture("pseudo-conversation")
    visit.close()


def place(page: Page, part: str, down: float) -> tuple[float, float]:
    """Return where the middle of a part is, so far down."""
    box: Any = page.locator(part).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * down


def test_what_is_pressed_is_shown_in_ones_language_and_sent_in_english(browser: Browser, site: Site) -> None:
    visit = Visit(browser, site, locale="de")
    page = visit.open()
    page.click(".lm-examples >> text=zeichne ein niedliches weißes Häschen auf einer Wiese")
    visit.wait_for_version("v1")
    page.click("#chat [data-do=zoom][data-version=v1]")
    visit.wait_for_version("v2")
    visit.say("make it night", "v3")
    turns = site.app.turns.history(visit.conversation)
    assert [turn.message for turn in turns] == [
        "draw an adorable white bunny in a meadow", "Zoom out from v1", "make it night",
    ]  # fmt: skip
    said = "zeichne ein niedliches weißes Häschen auf einer Wiese", "Von v1 herauszoomen", "make it night"
    assert tuple(page.locator(".lm-said .lm-words").all_text_contents()) == said  # the last was typed, and so it stays
    page.click(".lm-said [data-do=edit] >> nth=0")
    assert page.input_value(".lm-said .lm-editor textarea") == "draw an adorable white bunny in a meadow"
    page.fill(".lm-said .lm-editor textarea", "let it snow")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.lm-said .lm-words')?.textContent === 'let it snow'")
    visit.close()


def test_arabic_reads_from_the_right_and_is_as_usable(browser: Browser, site: Site) -> None:
    script = axe_source(CACHE)
    for width in (1360, 390):
        visit = Visit(browser, site, width, locale="ar")
        page = visit.open()
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
        assert page.get_attribute("#message textarea", "placeholder") == "ماذا نرسم أو نغيّر؟"
        page.wait_for_selector(".lm-model >> text=يرسم Fake بمقاس")
        visit.picture(f"arabic-welcome-{width}")
        assert findings(page, script) == []
        for part in (".lm-welcome h2", "#name p", "#send"):
            assert page.locator(part).evaluate("part => getComputedStyle(part).direction") == "rtl"
        visit.say("draw a fox", "v1")
        visit.say("make it happier", "v2")
        visit.picture(f"arabic-conversation-{width}")
        assert findings(page, script) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        history, talk = (page.locator(part).bounding_box() for part in ("#past", "#talk"))
        if width > 1000:
            assert history["x"] > talk["x"]
            page.click("#chat [popovertarget=vary-v2]")
            visit.picture("arabic-menu")
            page.keyboard.press("Escape")
            page.click("#desk [data-compare]")
            visit.picture("arabic-compare")
            before = page.evaluate("getComputedStyle(document.querySelector('#lm-over')).clipPath")
            page.press("#lm-share", "ArrowRight")
            assert page.evaluate("getComputedStyle(document.querySelector('#lm-over')).clipPath") != before
            page.keyboard.press("Escape")
        else:
            page.click("[data-drawer=past]")
            visit.settle("#past")
            box: Any = page.locator("#past").bounding_box()
            assert round(box["x"] + box["width"]) == width
            visit.picture("arabic-drawer")
            assert findings(page, script) == []
        visit.close()


def test_a_language_that_was_chosen_stays_and_what_was_written_too(browser: Browser, site: Site) -> None:
    visit = Visit(browser, site, locale="de-AT")
    page = visit.open()
    page.wait_for_selector("#send >> text=Senden")
    page.fill("#message textarea", "draw an owl")
    page.select_option("[data-language]", "ar")
    page.wait_for_selector("html[lang=ar]")
    page.wait_for_selector("#who option[value=ar][selected]", state="attached")
    page.wait_for_function("document.querySelector('#message textarea').value === 'draw an owl'")
    visit.arrive()
    visit.open()
    assert page.get_attribute("html", "dir") == "rtl"
    page.wait_for_selector("#who option[value=ar][selected]", state="attached")
    page.select_option("[data-language]", "")
    page.wait_for_selector("html[lang=de]")
    visit.arrive()
    visit.close()
