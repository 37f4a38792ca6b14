"""What several modules of tests share; a module that needs another server has a `site` of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from openai import OpenAI

from tests.browsing import browsing
from tests.serving import Site, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server with the public fakes behind it."""
    with serving(tmp_path_factory.mktemp("data")) as site:
        yield site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[OpenAI]:
    """The real client of the module's server."""
    with site.client() as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of one module."""
    with browsing() as browser:
        yield browser
    gc.collect()
