"""The picture of the report in the README: `python -m tests.report.picture runs/first_task/report.html`."""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

from .browser import chromium, look

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "report.png"


def take(page: Path, picture: Path = PICTURE) -> None:
    """The first screen of a page, as large as it is, in light."""
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as driver:
        look(driver, page.resolve(), 1280, "light")
        driver.execute_script("document.getElementById('theme').hidden = true")
        bottom = driver.execute_script(
            "return document.querySelector('.answer:last-child').getBoundingClientRect().bottom"
        )
        clip = {"x": 0, "y": 0, "width": 1280, "height": bottom, "scale": 1}
        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    take(Path(sys.argv[1]))
