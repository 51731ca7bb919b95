"""A real Chromium against the real server: signing in, axe, screenshots. Breaking the content policy fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from types import MethodType
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from glidepath.record.staff.models import Staff
from tests.browser import chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DESK: ViewportSize = {"width": 1440, "height": 900}
TABLET: ViewportSize = {"width": 820, "height": 1180}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 20_000  # a busy machine answers late, which says nothing about the page
BY_HAND = ("click", "dblclick", "fill", "press", "press_sequentially", "check", "uncheck", "select_option", "tap")
WATCH_THE_POLICY = """
window.brokenPolicy = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.brokenPolicy.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# Playwright's own event loop runs in this thread; the database is still used from one thread at a time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1, and {chromium.NONE_FOUND}")
        pytest.skip(chromium.NONE_FOUND)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:
    """A browser without a past, whose addresses begin at the running server."""
    opened = browser.new_context(base_url=live_server.url, viewport=DESK, locale="en-GB", reduced_motion="reduce")
    opened.add_init_script(WATCH_THE_POLICY)
    yield opened
    opened.close()


def once_loaded(act: Callable[..., Any], page_of: Callable[[Any], Page]) -> Callable[..., Any]:
    """`act`, when the page is whole: a click that leads to a page does not wait for the scripts of that page."""

    @wraps(act)
    def acts(self: Any, *args: Any, **kwargs: Any) -> Any:
        page_of(self).wait_for_load_state()
        return act(self, *args, **kwargs)

    return acts


@pytest.fixture(scope="session", autouse=True)
def hands_wait_for_the_page() -> Iterator[None]:
    """Nobody taps or types in the moment before a page's scripts arrive; a quick test on a busy machine did. And what
    is looked for is waited for."""
    expect.set_options(timeout=PATIENCE_MS)
    with pytest.MonkeyPatch.context() as patch:
        for name in BY_HAND:
            patch.setattr(Locator, name, once_loaded(getattr(Locator, name), lambda locator: locator.page))
        yield


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """One tab. At the end, anything the scripts threw fails the test."""
    opened = context.new_page()
    for name in ("press", "type"):
        act = getattr(type(opened.keyboard), name)
        setattr(opened.keyboard, name, MethodType(once_loaded(act, lambda _: opened), opened.keyboard))
    opened.set_default_timeout(PATIENCE_MS)
    thrown: list[str] = []
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    assert not thrown, f"scripts threw: {thrown}"


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, str], None]:
    """`sign_in(page, "nurse.amara")`: signed in by session, without the form (which has its own test)."""

    def signed_in(page: Page, username: str) -> None:
        client = Client()
        client.force_login(Staff.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.clear_cookies()
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])

    return signed_in


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: fails on a serious or critical fault, and on anything the content policy had to stop."""
    return faultless


@pytest.fixture
def screenshot() -> Callable[..., None]:
    """`screenshot(page, "unit-desk")`: the whole page into screens/."""

    def shot(page: Page, name: str, viewport: ViewportSize | None = None) -> None:
        if viewport:
            page.set_viewport_size(viewport)
        (ROOT / "screens").mkdir(exist_ok=True)
        page.screenshot(path=ROOT / "screens" / f"{name}.png", full_page=True, timeout=30_000)

    return shot


def faultless(page: Page) -> None:
    broken = page.evaluate("window.brokenPolicy")  # before axe runs: its own styles would be counted too
    assert broken == [], f"{page.url} breaks the content policy: {broken}"
    page.evaluate(axe_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    said = [f"{one['id']}: {one['help']}\n    {node['html'][:160]}" for one in grave for node in one["nodes"][:3]]
    assert not grave, f"{page.url} has accessibility faults:\n" + "\n".join(said)


@cache
def axe_source() -> str:
    return (HERE / "axe-4.14.1.min.js").read_text()
