"""What arrives, as a browser shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from paragone.report.page import render_page

from .browser import chromium, look, messages
from .hostile import hostile
from .sample_artifacts import deployed_alone
from .test_browser import CONTRAST, LOOKS

OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_page(deployed_alone()), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_section_fits_and_is_readable_when_everything_is_open(
    browser: webdriver.Chrome, page: Path, width: int, scheme: str
) -> None:
    look(browser, page, width, scheme)
    browser.execute_script(OPEN)

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(CONTRAST) == []
    assert messages(browser) == []


def test_a_verdict_in_the_matrix_opens_what_is_known_of_it(browser: webdriver.Chrome, page: Path) -> None:
    look(browser, page, 1280, "light")
    browser.find_element(By.CSS_SELECTOR, ".arrivals a[href='#arrived-jax_side-openvino']").click()
    detail = browser.find_element(By.ID, "arrived-jax_side-openvino")

    assert detail.get_attribute("open")
    assert 0 <= browser.execute_script("return arguments[0].getBoundingClientRect().top", detail) < 800


def test_a_hostile_record_does_not_widen_the_page(browser: webdriver.Chrome, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_page(hostile(deployed_alone())), encoding="utf-8")
    look(browser, path, 375, "light")
    browser.execute_script("for (const one of document.querySelectorAll('#deployment details')) one.open = true")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= 375
    assert messages(browser) == []
