"""Take a picture of every screen in the main navigation of a running demo, in light and dark.

make run                     in one terminal
make screenshots             in another; writes docs/screenshots/<screen>-<theme>.png
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.browser import QUIET, find_chromium  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description="Take pictures of a running demo.")
    parser.add_argument("--address", default=f"http://127.0.0.1:{os.environ.get('PORT') or 8000}")
    parser.add_argument("--email", default="recruiter@demo.test")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs/screenshots")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium() or None, args=QUIET)
        context = browser.new_context(
            base_url=options.address,
            viewport={"width": options.width, "height": options.height},
            reduced_motion="reduce",
        )
        page = context.new_page()
        sign_in(page, options.email)
        for path in screens(page):
            for theme in ("light", "dark"):
                picture(page, path, theme, options.folder)
        browser.close()


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.locator("input[type=email], input[name=username]").first.fill(email)
    page.locator("input[type=password]").fill("quorum-demo")
    page.locator("input[type=password]").press("Enter")
    page.wait_for_selector("nav.rail")


def screens(page: Page) -> list[str]:
    """The addresses in the main navigation, in its order."""
    links = page.locator("nav.rail a[href]").evaluate_all("links => links.map(link => link.pathname)")
    return list(dict.fromkeys(links))


def picture(page: Page, path: str, theme: str, folder: Path) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    name = path.strip("/").replace("/", "-") or "home"
    page.screenshot(path=folder / f"{name}-{theme}.png")
    print(f"{name}-{theme}.png")


if __name__ == "__main__":
    main()
