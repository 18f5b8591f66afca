from __future__ import annotations

import base64
import hashlib
import re
from functools import partial
from itertools import combinations, pairwise

import pytest

from paragone.records import Part, Run
from paragone.report.page import render_page

from . import sample, sample_artifacts, sample_claims
from .html_tree import Element, parse, run_scripts
from .sample_proof import proof

LIMIT = 2_000_000
SECTIONS = (
    "sides", "ladder", "causes", "learning", "timing", "phases", "memory", "deployment", "choice", "claims", "machine",
    "samples",
)  # fmt: skip
RUNS = {
    "full": sample.full_run,
    "two sides": sample.two_sides,
    "nothing measured": sample.bare_run,
    "one failed": sample.one_failed,
    "timed alone": sample.timed_alone,
    "one side timed": partial(sample.timed_alone, 1),
    "compared and deployed": sample_artifacts.compared_and_deployed,
    "deployed alone": sample_artifacts.deployed_alone,
    "with the claims": sample_claims.ledger_alone,
}
FIGURE = re.compile(r"\d\.\d|\d ?[×%]|\d (?:points|ms|µs|s|MiB|GiB)\b|10[⁻⁰¹²³⁴-⁹]+")


@pytest.fixture(scope="module", params=RUNS, ids=lambda name: name.replace(" ", "-"))
def any_page(request: pytest.FixtureRequest) -> Element:
    return parse(render_page(RUNS[request.param]()))


def test_the_same_record_gives_the_same_bytes(full_run: Run, full_page: str) -> None:
    again = Run.model_validate_json(full_run.model_dump_json(by_alias=True))

    assert render_page(again) == full_page


def test_sections_come_in_their_order(any_page: Element, request: pytest.FixtureRequest) -> None:
    ids = [element.attributes.get("id") for element in any_page.find_all(tag="section")]
    name = request.node.callspec.id
    left_out = {"ladder", "causes", "learning", "choice"} if "timed" in name or "alone" in name else set()
    left_out |= {"timing", "phases", "memory"} if name == "deployed-alone" else set()
    left_out |= set() if "deployed" in name else {"deployment"}
    left_out |= set() if "claims" in name else {"claims"}
    expected = [one for one in SECTIONS if one not in left_out]

    assert [one for one in ids if one in SECTIONS] == expected


def test_the_first_screen_answers_the_questions_and_nothing_else(full_page: str) -> None:
    first = next(element for element in parse(full_page).elements() if "first" in element.classes)
    text = first.text()

    for words in ("No", "Four causes", "The same", "3.2 × 10⁻¹⁵", "jax_side is 2.68× as fast as keras_side"):
        assert words in text
    assert "not the same task, so this compares different work" in text
    assert "No robust winner" in text
    assert not any(element.tag in ("svg", "table", "pre") for element in first.elements())


def test_every_link_resolves_and_every_id_is_unique(any_page: Element) -> None:
    ids = [element.attributes["id"] for element in any_page.elements() if "id" in element.attributes]
    links = [element.attributes["href"] for element in any_page.elements() if "href" in element.attributes]

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_every_measured_number_leads_to_its_samples(full_page: str) -> None:
    tree = parse(full_page)
    checked = 0
    for name in ("ladder", "causes", "learning", "timing", "phases", "memory", "choice"):
        for element, text in tree.find(id=name).texts():
            if _is_set_apart(element):
                continue
            checked += len(FIGURE.findall(text))
            linked = "n" in element.classes and element.attributes["href"].startswith("#samples-")
            assert linked or not FIGURE.search(text), f"{text.strip()!r} in {name}"
    assert checked > 200


def _is_set_apart(element: Element) -> bool:
    """Charts, code, and notes that name no result of their own."""
    return any(one.tag in ("svg", "pre", "code") or one.classes & {"note", "lede"} for one in element.ancestors())


def test_a_samples_sheet_holds_the_raw_values(full_run: Run, full_page: str) -> None:
    assert full_run.timings is not None
    ratio = full_run.timings.ratios[0]
    tree = parse(full_page)
    link = next(element for element in tree.find(id="timing").elements() if "n" in element.classes)
    sheet = tree.find(id=link.attributes["href"][1:])

    assert all(f"{value:.9g}" in sheet.text() for value in ratio.log_ratios)


def test_the_page_asks_nobody_for_anything(any_page: Element) -> None:
    assert not [element.tag for element in any_page.elements() if {"src", "style"} & set(element.attributes)]
    for element in any_page.elements():
        href = element.attributes.get("href", "#")
        assert href.startswith("#") or href == "data:," or (element.tag == "a" and href.startswith("https://"))


def test_the_policy_names_the_style_and_the_script_that_are_there(full_page: str) -> None:
    tree = parse(full_page)
    policy = tree.find(**{"http-equiv": "Content-Security-Policy"}).attributes["content"]

    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag, found in (("style", tree.find_all(tag="style")), ("script", run_scripts(tree))):
        (text,) = ["".join(text for _, text in element.texts()) for element in found]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_charts_carry_no_style_and_say_what_they_show(full_page: str) -> None:
    charts = [element for element in parse(full_page).elements() if element.tag == "svg"]

    assert len(charts) == 2 * len({chart.parent.attributes["id"] for chart in charts if chart.parent})
    for chart in charts:
        assert chart.attributes["role"] == "img"
        assert chart.attributes["aria-label"]
        assert not [one.tag for one in chart.elements() if "style" in (one.tag, *one.attributes)]


def test_headings_go_down_one_level_at_a_time(any_page: Element) -> None:
    levels = [int(one.tag[1]) for one in any_page.elements() if re.fullmatch("h[1-6]", one.tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_is_missing_is_said_with_its_reason() -> None:
    text = parse(render_page(sample.one_failed())).text()

    assert "It takes two sides, and one ran." in text
    assert "torch_side failed: the worker was killed: out of memory" in text
    assert "The timing was not run." in text
    assert "The choice was not run." in text


def test_a_regression_shows_its_loss_in_place_of_accuracy(full_run: Run) -> None:
    assert full_run.proof is not None
    outcomes = tuple(one.model_copy(update={"accuracy": ()}) for one in full_run.proof.outcomes)
    page = render_page(full_run.model_copy(update={"proof": full_run.proof.model_copy(update={"outcomes": outcomes})}))

    assert "Test loss of each side as written" in parse(page).find(id="learning").text()


def test_a_run_that_does_not_trust_its_instrument_ranks_nobody(full_run: Run) -> None:
    assert full_run.timings is not None
    ratios = tuple(one.model_copy(update={"verdict": "withheld"}) for one in full_run.timings.ratios)
    timings = full_run.timings.model_copy(update={"ratios": ratios, "trusted": False})
    text = parse(render_page(full_run.model_copy(update={"timings": timings}))).text()

    assert "Withheld" in text
    assert "This run failed the test of its own instrument" in text
    assert "as fast as" not in text


def test_values_that_are_not_finite_do_not_break_the_page(full_run: Run) -> None:
    assert full_run.proof is not None
    curves = tuple(one.model_copy(update={"loss": (1.0, float("inf"), float("nan"))}) for one in full_run.proof.curves)
    rungs = tuple(one.model_copy(update={"max_rel": float("inf")}) for one in full_run.proof.pairs[0].rungs)
    pairs = (full_run.proof.pairs[0].model_copy(update={"rungs": rungs}), *full_run.proof.pairs[1:])
    changed = full_run.proof.model_copy(update={"curves": curves, "pairs": pairs})

    assert "∞" in parse(render_page(full_run.model_copy(update={"proof": changed}))).find(id="ladder").text()


def test_corresponding_parts_carry_the_same_name_in_every_side(full_page: str) -> None:
    tree = parse(full_page)
    for place in range(3):
        side = tree.find(id=f"side-{place}")
        names = [element.attributes["data-part"] for element in side.elements() if "data-part" in element.attributes]
        parts = {part for name in names for part in name.split()}
        assert {part for part in parts if part.startswith("layer")} == {"layer-1", "layer-2"}
        assert "optimizer" in parts
        assert "loop" in parts


def test_eight_sides_with_long_files_stay_below_two_megabytes(full_run: Run) -> None:
    names = tuple(f"side_{place}" for place in range(8))
    code = "\n".join(f"value_{line} = compute('text', {line})  # a comment" for line in range(6_000))
    first = sample.side("keras_side")
    part = Part(id="layer-1", label="Dense", first_line=4_321, last_line=4_322)
    sides = tuple(first.model_copy(update={"name": name, "code": code, "parts": (part,)}) for name in names)
    large = proof(("keras_side", "torch_side"))
    pairs = tuple(large.pairs[0].model_copy(update={"a": a, "b": b}) for a, b in combinations(names, 2))
    curves = tuple(
        one.model_copy(update={"side": name, "loss": one.loss * 20, "band": one.band * 20})
        for name in names
        for one in large.curves[::2]
    )
    everything = large.model_copy(update={"pairs": pairs, "corrected": pairs, "curves": curves})
    page = render_page(full_run.model_copy(update={"sides": sides, "proof": everything, "choice": None}))

    assert len(page.encode()) < LIMIT
    assert "value_4320 = " in parse(page).find(id="code-0-4321").text()
