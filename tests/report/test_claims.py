"""What people say, and what we found: the section of the page, and what the terminal prints of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from rich.console import Console
from selenium import webdriver

from paragone.records import ClaimEvidence, Run
from paragone.report.claimed import MARKS, render_claims, tally
from paragone.report.page import render_page

from .browser import chromium, look, messages
from .hostile import ATTACK, hostile
from .html_tree import Element, parse, run_scripts
from .sample import bare_run
from .sample_claims import ledger_alone
from .test_browser import CONTRAST


@pytest.fixture(scope="module")
def run() -> Run:
    return ledger_alone()


@pytest.fixture(scope="module")
def section(run: Run) -> Element:
    return parse(render_page(run)).find(id="claims")


def without_sources(run: Run) -> Run:
    """Its evidence named in words alone."""
    changed = (
        claim.model_copy(update={"evidence": tuple(one.model_copy(update={"source": ""}) for one in claim.evidence)})
        for claim in run.claims
    )
    return run.model_copy(update={"claims": tuple(changed)})


def test_every_claim_stands_there_with_its_verdict(run: Run, section: Element) -> None:
    text = section.text()
    for claim in run.claims:
        article = section.find(id=f"claim-of-{claim.id}")
        (badge,) = (one for one in article.elements() if "badge" in one.classes)
        assert claim.verdict in badge.text()
        assert claim.claim[1:].replace("`", "") in article.text()
    assert {claim.verdict for claim in run.claims} >= {"holds", "holds in part", "does not hold", "stale"}
    assert tally(run.claims) in text


def test_what_was_not_decided_stands_last(run: Run, section: Element) -> None:
    badges = [one.text() for one in section.elements() if "badge" in one.classes]
    undecided = ["not testable here" in text or "no evidence yet" in text for text in badges]
    assert undecided == sorted(undecided)
    assert len(badges) == len(run.claims)


def test_a_fact_leads_to_its_source_and_a_run_to_its_section(section: Element) -> None:
    links = [one.attributes["href"] for one in section.find_all(tag="a")]
    assert "https://github.com/pytorch/serve/issues/3396" in links
    assert {"#timing", "#memory", "#ladder", "#sides"} <= set(links)
    outside = [one for one in section.find_all(tag="a") if one.attributes["href"].startswith("http")]
    assert all(one.attributes["rel"] == "noreferrer noopener" for one in outside)


def test_every_number_leads_to_the_sheet_of_its_claim(run: Run, section: Element) -> None:
    for claim in run.claims:
        article = section.find(id=f"claim-of-{claim.id}")
        leads = {one.attributes["href"] for one in article.elements() if "n" in one.classes}
        assert leads <= {f"#samples-claim-{claim.id}"}
        assert leads or not claim.effect


def test_a_run_without_a_ledger_has_no_such_section() -> None:
    page = render_page(bare_run())
    assert 'id="claims"' not in page
    assert "What people say" not in page


def test_an_attack_in_the_ledger_is_shown_as_text(run: Run) -> None:
    tree = parse(render_page(hostile(without_sources(run))))
    assert len(run_scripts(tree)) == 1
    assert ATTACK[:20] in tree.find(id="claims").text()
    links = [one.attributes.get("href", "#") for one in tree.find(id="claims").find_all(tag="a")]
    assert all(link.startswith("#") for link in links)


@pytest.mark.parametrize("source", ["javascript:alert(1)", "http://a.b/", 'https://a.b/"onclick="x', "data:,x"])
def test_a_source_that_is_no_plain_address_is_refused(source: str) -> None:
    with pytest.raises(ValidationError):
        ClaimEvidence.model_validate(
            {"id": "a/b", "kind": "fact", "title": "a", "date": "2026-01-01", "source": source}
        )


def test_the_terminal_takes_nothing_for_markup_or_steering(run: Run) -> None:
    out = io.StringIO()
    claims = hostile(without_sources(run)).claims
    render_claims(claims, Console(file=out, width=100, force_terminal=True, color_system=None), details=True)
    assert "[bold red]" in out.getvalue().replace("\n", "")
    assert not {"\x07", "\u202e", "\ud800"} & set(out.getvalue())
    assert "\x1b[31m" not in out.getvalue()


def test_every_verdict_has_a_mark() -> None:
    assert len({(symbol, tone) for symbol, tone in MARKS.values()}) >= 5


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_the_section_fits_and_is_readable_when_everything_is_open(
    browser: webdriver.Chrome, tmp_path: Path, run: Run, width: int, scheme: str
) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_page(run), encoding="utf-8")
    look(browser, path, width, scheme)
    browser.execute_script("for (const one of document.querySelectorAll('#claims details')) one.open = true")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(CONTRAST) == []
    assert messages(browser) == []
