"""The page in a real Chromium in other languages: nothing is left in English, and a right-to-left one reads right."""

from __future__ import annotations

import functools
import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from captioner.request import FakeCaptioner, FakeChecker
from tests.browsing import Visit, axe_source, browsing, findings
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from tests.test_browser import CACHE
from ui.web.texts import PSEUDO

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser
    gc.collect()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    checker = FakeChecker(sees=lambda image, word: word != "description")
    fakes = functools.partial(build_with_fakes, painter=SlowPainter(0.4), captioner=FakeCaptioner(), checker=checker)
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
            page.wait_for_timeout(250)  # it slides in
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
    assert page.input_value("#message textarea") == "draw an owl"
    visit.open()
    assert page.get_attribute("html", "dir") == "rtl"
    page.wait_for_selector("#who option[value=ar][selected]", state="attached")
    page.select_option("[data-language]", "")
    page.wait_for_selector("html[lang=de]")
    visit.close()
