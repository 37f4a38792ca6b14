"""Browser tests are skipped on a machine without a browser, and an error where they must run."""

from __future__ import annotations

import pytest

from tests import browsing


@pytest.mark.parametrize(("needed", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_without_a_browser_tests_are_skipped_or_where_they_must_run_failed(
    monkeypatch: pytest.MonkeyPatch, needed: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("LIMNER_TESTS_NEED_BROWSER", needed)
    with pytest.raises(outcome, match="no Chromium"):
        browsing.missing("no Chromium was found")
