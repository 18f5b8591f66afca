"""The page as a browser shows it. A missing browser is a failure: a page that nobody looked at is not tested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from paragone.records import Run
from paragone.report.notebook import notebook_html
from paragone.report.page import render_page

from .browser import chromium, look, messages, requests
from .hostile import hostile
from .sample import one_failed, two_sides

LOOKS = [(width, scheme) for width in (1280, 375, 320) for scheme in ("light", "dark")]
CONTRAST = """
const luminance = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (; element; element = element.parentElement) {
    const colour = getComputedStyle(element).backgroundColor;
    if (!/, 0\\)$|transparent/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
const weak = [];
for (const element of document.querySelectorAll("body *")) {
  const own = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || element.closest("svg") || !element.checkVisibility()) continue;
  const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) weak.push([element.className, element.textContent.trim().slice(0, 30), ratio]);
}
return weak;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def page(full_page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(full_page, encoding="utf-8")
    assert path.stat().st_size < 2_000_000
    return path


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_page_fits_is_readable_and_stays_to_itself(
    browser: webdriver.Chrome, page: Path, width: int, scheme: str
) -> None:
    look(browser, page, width, scheme)

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(CONTRAST) == []
    assert messages(browser) == []
    assert requests(browser) == [page.as_uri()]
    dark = browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 27)"
    assert dark == (scheme == "dark")


@pytest.mark.parametrize("width", [1280, 320])
def test_opened_samples_do_not_widen_the_page(browser: webdriver.Chrome, page: Path, width: int) -> None:
    look(browser, page, width, "light")
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 375])
def test_one_drawing_of_each_chart_is_shown_with_letters_large_enough(
    browser: webdriver.Chrome, page: Path, width: int
) -> None:
    look(browser, page, width, "light")
    shown = browser.execute_script(
        "return Array.from(document.querySelectorAll('figure')).map((figure) =>"
        " Array.from(figure.querySelectorAll('svg')).filter((svg) => svg.checkVisibility()).length)"
    )
    heights = browser.execute_script(
        "return Array.from(document.querySelectorAll('svg text')).filter((text) => text.checkVisibility())"
        ".map((text) => text.getBoundingClientRect().height)"
    )

    assert shown
    assert set(shown) == {1}
    assert min(heights) >= 11


def test_pointing_at_a_part_lights_it_in_every_side(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "light")
    part = browser.find_element(By.CSS_SELECTOR, "#side-0 [data-part='layer-2'] .no")
    ActionChains(browser).scroll_to_element(part).move_to_element(part).perform()

    assert lit(browser) == {("side-0", "layer-2"), ("side-1", "layer-2"), ("side-2", "layer-2")}
    ActionChains(browser).move_to_element(browser.find_element(By.ID, "h-sides")).perform()
    assert lit(browser) == set()


def test_the_keyboard_lights_parts_too(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "light")
    code = browser.find_element(By.CSS_SELECTOR, "#side-1 .code")
    code.send_keys(Keys.TAB)

    assert lit(browser) == {("side-0", "layer-1"), ("side-1", "layer-1"), ("side-2", "layer-1")}
    label = browser.execute_script("return document.activeElement.getAttribute('aria-label')")
    assert label == "Dense 784 → 64, relu"


def lit(browser: webdriver.Chrome) -> set[tuple[str, str]]:
    found = browser.execute_script(
        "return Array.from(document.querySelectorAll('.side .lit'))"
        ".map((one) => [one.closest('.side').id, one.dataset.part])"
    )
    return {(side, part) for side, part in found}


def test_a_number_opens_its_samples_and_there_is_a_way_back(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "light")
    link = browser.find_element(By.CSS_SELECTOR, ".first a.n")
    target = link.get_attribute("href").partition("#")[2]
    link.click()
    sheet = browser.find_element(By.ID, target)

    assert sheet.get_attribute("open")
    assert 0 <= browser.execute_script("return arguments[0].getBoundingClientRect().top", sheet) < 800
    browser.find_element(By.ID, "back").click()
    assert browser.execute_script("return document.activeElement") == link
    assert 0 <= browser.execute_script("return arguments[0].getBoundingClientRect().top", link) < 800


def test_an_address_with_an_anchor_opens_the_samples(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "light")
    browser.get("about:blank")
    browser.get(f"{page.as_uri()}#samples-run")

    assert browser.find_element(By.ID, "samples-run").get_attribute("open")


def test_the_theme_can_be_chosen(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "light")
    button = browser.find_element(By.ID, "theme")
    seen = []
    for _ in range(3):
        button.click()
        seen.append((button.text, browser.execute_script("return getComputedStyle(document.body).colorScheme")))

    assert seen == [("Theme: light", "light"), ("Theme: dark", "dark"), ("Theme: as the system", "light")]


def test_the_first_stop_of_the_keyboard_skips_to_the_evidence(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "light")
    ActionChains(browser).send_keys(Keys.TAB).send_keys(Keys.ENTER).perform()

    assert browser.execute_script("return document.activeElement.id") == "evidence"


def test_paper_gets_the_verdicts_and_the_charts(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "dark")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not browser.find_element(By.ID, "samples").is_displayed()
    assert browser.find_element(By.CSS_SELECTOR, "#chart-step svg.wide").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("build", [two_sides, one_failed])
def test_smaller_runs_fit_as_well(browser: webdriver.Chrome, tmp_path: Path, build: object) -> None:
    path = tmp_path / "report.html"
    assert callable(build)
    path.write_text(render_page(build()), encoding="utf-8")
    look(browser, path, 320, "light")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= 320
    assert messages(browser) == []


def test_an_attack_runs_nothing_and_fits(browser: webdriver.Chrome, tmp_path: Path, full_run: Run) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_page(hostile(full_run)), encoding="utf-8")
    look(browser, path, 375, "light")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= 375
    assert messages(browser) == []
    assert requests(browser) == [path.as_uri()]
    kinds = browser.execute_script("return [...document.scripts].map((one) => one.type || one.id)")
    assert kinds == ["application/json", ""]  # our data, and our own script


def test_links_work_inside_the_frame_of_a_notebook(browser: webdriver.Chrome, tmp_path: Path, full_run: Run) -> None:
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><title>notebook</title>{notebook_html(full_run)}", encoding="utf-8")
    look(browser, path, 1280, "light")
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    link = browser.find_element(By.CSS_SELECTOR, ".first a.n")
    target = link.get_attribute("href").partition("#")[2]
    link.click()

    assert browser.find_element(By.ID, target).get_attribute("open")
    assert browser.execute_script("return location.href") == "about:srcdoc"
    browser.switch_to.default_content()
