"""A reader's own weights: what the page computes is what the method computes, by keyboard, and with labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from paragone.choose.method import Pairs, stand
from paragone.choose.order import CONCENTRATION
from paragone.records import Choice, Run
from paragone.report.page import render_page
from paragone.report.sections.choice_live import live_view

from .browser import chromium, look, messages, requests
from .hostile import ATTACK
from .sample import NAMES, choice, full_run

NEAR = 0.03
"""Two estimates of a share, of 4,000 draws here and 40,000 there, are within this with room to spare."""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture
def page(driver: webdriver.Chrome, tmp_path_factory: pytest.TempPathFactory, full_page: str) -> webdriver.Chrome:
    """The page, as it opens."""
    path = tmp_path_factory.mktemp("live") / "report.html"
    path.write_text(full_page, encoding="utf-8")
    look(driver, path, 1280, "light")
    return driver


def shares(page: webdriver.Chrome) -> dict[str, float]:
    """Each option's share of the draws, or -1 for one that is out."""
    rows = page.execute_script(
        "return [...document.querySelectorAll('.live-ranking tbody tr')]"
        ".map((row) => [row.cells[0].textContent, row.cells[1].textContent])"
    )
    return {name: -1.0 if text.startswith("out") else float(text.split()[0]) / 100 for name, text in rows}


def verdict(page: webdriver.Chrome) -> str:
    return page.find_element(By.ID, "live-verdict").text


def expected(weights: Sequence[float], found: Choice) -> dict[str, float]:
    """The same by the method itself, from the record."""
    random = np.random.default_rng(5)
    total, draws = sum(weights), 40_000
    drawn = np.zeros((draws, len(weights)))
    used = [at for at, weight in enumerate(weights) if weight]
    drawn[:, used] = random.dirichlet([CONCENTRATION * weights[at] / total for at in used], size=draws)
    table = {
        field: np.array([[getattr(gap, field) for gap in duel.gaps] for duel in found.duels])
        for field in ("low", "high", "spread")
    }
    names = [one.side for one in found.ranking]
    ends = np.array([(names.index(duel.a), names.index(duel.b)) for duel in found.duels])
    level = np.array([duel.level for duel in found.duels])
    standing = stand(Pairs(ends=ends, level=level, **table), len(names), drawn, random.standard_normal(drawn.shape))
    return dict(zip(names, standing.first.tolist(), strict=True))


def agrees(page: webdriver.Chrome, weights: Sequence[float]) -> None:
    wanted = expected(weights, choice())
    found = shares(page)
    assert set(found) == set(wanted)
    assert all(abs(found[name] - wanted[name]) <= NEAR for name in wanted), (found, wanted)


def test_it_opens_with_the_weights_of_the_profile(page: webdriver.Chrome) -> None:
    agrees(page, [round(100 * one.weight) for one in choice().criteria])
    assert messages(page) == [] and len(requests(page)) == 1


@pytest.mark.parametrize("at", range(3))
def test_a_weight_is_moved_by_keyboard(page: webdriver.Chrome, at: int) -> None:
    sliders = page.find_elements(By.CSS_SELECTOR, "[data-weight]")
    for place, slider in enumerate(sliders):
        slider.send_keys(Keys.END if place == at else Keys.HOME)
    agrees(page, [100.0 if place == at else 0.0 for place in range(3)])
    assert page.find_elements(By.CSS_SELECTOR, "[data-share]")[at].text == "100 %"
    sliders[(at + 1) % 3].send_keys(Keys.END)
    agrees(page, [0.0 if place == (at + 2) % 3 else 100.0 for place in range(3)])


def test_without_any_weight_there_is_nothing_to_say(page: webdriver.Chrome) -> None:
    for slider in page.find_elements(By.CSS_SELECTOR, "[data-weight]"):
        slider.send_keys(Keys.HOME)
    assert verdict(page) == "One weight at least must be above 0." and shares(page) == {}
    page.find_element(By.CSS_SELECTOR, "[data-deed=equal]").click()
    agrees(page, [50, 50, 50])


def test_a_limit_puts_options_out_and_says_why(page: webdriver.Chrome) -> None:
    memory = page.find_element(By.ID, "limit-2")
    memory.send_keys("520")
    assert verdict(page) == "torch_side: the only option that is left."
    assert {name for name, share in shares(page).items() if share < 0} == {"keras_side", "jax_side"}
    assert "at most 520 MiB was demanded" in page.find_element(By.CSS_SELECTOR, ".live-ranking tr.out").text
    memory.send_keys(Keys.BACKSPACE)
    assert verdict(page) == "Nothing to choose: no option meets these limits."
    page.find_element(By.CSS_SELECTOR, "[data-deed=profile]").click()
    assert memory.get_attribute("value") == ""
    agrees(page, [round(100 * one.weight) for one in choice().criteria])


def test_a_reader_who_hears_the_page_is_told_what_is_moved_and_what_came_of_it(page: webdriver.Chrome) -> None:
    unnamed = page.execute_script(
        "return [...document.querySelectorAll('#choice-live input')].filter((one) => !one.labels.length).length"
    )
    assert unnamed == 0
    assert page.find_element(By.ID, "live-verdict").get_attribute("aria-live") == "polite"
    slider = page.find_element(By.ID, "weight-0")
    slider.send_keys(Keys.END)
    assert slider.get_attribute("aria-valuetext") == page.find_element(By.CSS_SELECTOR, "[data-share]").text


def test_values_lead_to_their_samples(page: webdriver.Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, ".live-ranking tbody a.n").click()
    assert page.execute_script("return document.activeElement.closest('details').id").startswith("samples-criterion")


# ---------------------------------------------------------------------- without a browser


def run_of(change: Callable[[str], str]) -> Run:
    """The full record, with other names in its choice."""
    text = choice().model_dump_json()
    for name in NAMES:
        text = text.replace(json.dumps(name), json.dumps(change(name)))
    return full_run().model_copy(update={"choice": Choice.model_validate_json(text)})


def test_names_in_the_data_are_no_html() -> None:
    run = run_of(lambda name: f"{ATTACK}{name}</script>")
    assert run.choice is not None
    live = live_view(run.choice)
    assert live is not None and not set("<>&") & set(live.data)
    assert json.loads(live.data)["options"][0].startswith(ATTACK)
    assert ATTACK not in render_page(run)


@pytest.mark.parametrize("gone", ["duels", "criteria", "ranking"])
def test_what_cannot_be_weighed_anew_is_not_offered(gone: str) -> None:
    less: dict[str, Any] = {gone: ()}
    assert live_view(choice().model_copy(update=less)) is None
    page = render_page(full_run().model_copy(update={"choice": choice().model_copy(update=less)}))
    assert 'id="choice-live"' not in page and 'id="choice-data"' not in page
