"""How is a page left for another one in a browser test, so that nothing asks the page that is going?"""

from __future__ import annotations

from playwright.sync_api import Locator


def follow(one: Locator) -> None:
    """Press what leads to another page, and wait until that page is whole: scripts and all."""
    with one.page.expect_navigation():
        one.click()
