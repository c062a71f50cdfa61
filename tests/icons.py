"""Draw the icons of an installed Fettle anew from its mark: `python -m tests.icons`, with Chromium."""

import re
import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image

IMG = Path(__file__).resolve().parent.parent / "static" / "img"
# A launcher may cut a maskable icon to a circle of four fifths; Apple rounds the corners of a square by itself.
ICONS = {
    "icon-192": (192, 5, 1.0),
    "icon-512": (512, 5, 1.0),
    "icon-maskable": (512, 0, 0.74),
    "icon-apple": (180, 0, 0.86),
}
TAB = (16, 32, 48)


def mark(corner: float, share: float) -> str:
    """The mark with its ground: how round its corners are, and how much of the ground the drawing takes."""
    svg = (IMG / "mark.svg").read_text().replace('rx="5"', f'rx="{corner}"')
    ground, drawing = re.fullmatch(r"(<svg[^>]*><rect[^>]*/>)(.*)</svg>\s*", svg, re.DOTALL).groups()
    shift = 16 * (1 - share)
    return f'{ground}<g transform="translate({shift} {shift}) scale({share})">{drawing}</g></svg>'


def draw(page, svg: str, size: int) -> Image.Image:
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
    return Image.open(BytesIO(page.screenshot(omit_background=True)))


def main() -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = chromium.new_page()
        for name, (size, corner, share) in ICONS.items():
            drawn = draw(page, mark(corner, share), size)
            if not corner:
                drawn = drawn.convert("RGB")  # a launcher paints what is clear in a colour of its own
            drawn.quantize(48).save(IMG / f"{name}.png", optimize=True)
        tabs = [draw(page, mark(5, 1.0), size) for size in TAB]
        tabs[-1].save(IMG / "favicon.ico", sizes=[(size, size) for size in TAB], append_images=tabs[:-1])
        chromium.close()


if __name__ == "__main__":
    main()
