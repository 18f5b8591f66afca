from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from paragone.records import Accuracy, Artifact, CaseGap, Latency, Run
from paragone.records.artifact import RAN
from paragone.report.arrival import SYMBOLS, loses, loses_in_short, reasons
from paragone.report.arrived import render_artifacts
from paragone.report.page import render_page
from paragone.report.phrases import plain
from paragone.report.sections.deployment import TONES
from paragone.report.summary import summary_lines
from paragone.report.verdicts import answers

from .hostile import ATTACK, hostile
from .html_tree import Element, parse, run_scripts
from .sample import NAMES, bare_run, one_failed, side
from .sample_artifacts import TARGETS, artifact, artifacts, compared_and_deployed, deployed_alone
from .test_page import FIGURE

DOCS = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> Element:
    return parse(render_page(deployed_alone()))


@pytest.fixture(scope="module")
def section(page: Element) -> Element:
    return page.find(id="deployment")


def with_artifacts(*found: Artifact) -> Run:
    names = dict.fromkeys(one.side for one in found)
    sides = tuple(side("torch_side").model_copy(update={"name": name}) for name in names)
    return bare_run().model_copy(update={"sides": sides, "artifacts": found})


def printed(run: Run, width: int = 80) -> list[str]:
    out = io.StringIO()
    render_artifacts(run, Console(file=out, width=width, color_system=None), Path("runs/it"))
    return out.getvalue().splitlines()


# ---------------------------------------------------------------------- the page


def test_a_run_without_artifacts_has_no_section(full_page: str) -> None:
    tree = parse(full_page)
    assert not list(tree.find_all(id="deployment"))
    assert "What arrives" not in tree.text()


def test_a_page_of_a_deployment_alone_has_no_section_that_holds_nothing(page: Element) -> None:
    ids = [one.attributes["id"] for one in page.find_all(tag="section") if "id" in one.attributes]
    assert ids == ["sides", "deployment", "machine", "samples"]
    assert not [one.text() for one in page.elements() if "absent" in one.classes]
    links = [link.attributes["href"] for link in page.find(tag="nav").find_all(tag="a")]
    assert links == [f"#{id_}" for id_ in ids]


def test_the_first_answer_speaks_of_what_arrived(page: Element) -> None:
    (answer,) = answers(deployed_alone())
    assert answer.verdict == "12 of 24, 3 the same"
    first = next(one for one in page.elements() if "first" in one.classes).text()
    assert "3 sides in 8 targets: 12 of 24 ran in their runtime, and 3 of these compute the same" in first
    assert "OpenVINO of keras_side, torch_side and jax_side: it computes in about bfloat16, not in float32." in first
    assert "Asked for int8, LiteRT int8 of jax_side loses 0.56 points of accuracy (−0.28 to 1.40: not cert" in first
    assert "No other loses more." in first
    assert "Wrong Runtime of keras_side, torch_side and jax_side computes something else, up to 0.31 from" in first
    assert "Of the others, 3 were loaded and failed, 6 were refused and 3 were not run here." in first
    assert "by p50: keras_side 8 µs in ONNX Runtime to 8 µs in Wrong Runtime; torch_side 64 µs" in first


def test_every_verdict_is_shown_as_a_word_with_a_mark_of_its_own(section: Element) -> None:
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)
    table = next(one for one in section.find_all(tag="table") if "arrivals" in one.classes)
    badges = [one.text() for one in table.elements() if "badge" in one.classes]
    assert len(badges) == len(TARGETS) * len(NAMES)
    assert set(badges) == {f"{symbol}{verdict}" for verdict, symbol in SYMBOLS.items()}
    assert set(TONES) == set(SYMBOLS)


def test_the_matrix_has_headings_for_its_rows_and_columns(section: Element) -> None:
    table = next(one for one in section.find_all(tag="table") if "arrivals" in one.classes)
    heads = [(one.attributes["scope"], one.text()) for one in table.find_all(tag="th")]
    assert [text for scope, text in heads if scope == "col"] == ["target", *NAMES]
    assert [text for scope, text in heads if scope == "row"] == [
        f"{title}{target}" for target, (title, _, _) in TARGETS.items()
    ]


def test_a_cell_leads_to_all_that_is_known_of_it(section: Element) -> None:
    told = section.find(id="arrived-torch_side-onnxruntime").text()
    for words in (
        "ONNX, 205 KiB", "onnxruntime 1.2.3", "p50 64 µs, p99 192 µs, of 150,680 requests", "420 ms", "57 MiB",
        "282,000 samples a second, in batches of 32", "artifacts/torch_side/onnx/onnxruntime.py", "✓ yes",
        "keeps its accuracy (−0.84 to 0.84 points)", "logs/torch_side-onnxruntime.log",
    ):  # fmt: skip
        assert words in told
    assert "≠ no" in section.find(id="arrived-torch_side-wrong").text()
    assert "not computed: ValueError: no batch of 1" in section.find(id="arrived-jax_side-jax_export").text()
    assert "yes" not in section.find(id="arrived-torch_side-litert_int8").text()


def test_what_only_one_target_has_is_told_with_its_unit(section: Element) -> None:
    told = section.find(id="arrived-torch_side-onnxruntime").text()
    assert "28.6 KiB" in told and "operators" in told


def test_what_did_not_arrive_is_told_once_for_each_reason(section: Element) -> None:
    items = (one for one in section.find_all(tag="li") if one.parent and "sentences" in one.parent.classes)
    rows = [text for text in (one.text() for one in items) if text[0] in "✗⊘–"]
    where = "of keras_side, torch_side and jax_side"
    assert rows == [
        f"✗failed jax.export {where}. 2 of 6 kinds of input are not computed; 'one': ValueError: no batch of 1.",
        f"⊘refused TensorFlow (SavedModel) and LiteRT {where}. PyTorch writes no SavedModel.",
        f"–not run AOTInductor {where}. Needs a C++ compiler.",
    ]


def test_every_measured_number_leads_to_its_samples(section: Element) -> None:
    checked = 0
    for element, text in section.texts():
        apart = any(one.tag == "svg" or one.classes & {"note", "lede"} for one in element.ancestors())
        if apart or "n" in element.classes:
            checked += "n" in element.classes
            continue
        assert not FIGURE.search(re.sub(r"[\w-]+ 1\.2\.3", "", text)), text
    assert checked > 200


def test_every_link_resolves_and_every_id_is_unique(page: Element) -> None:
    ids = [one.attributes["id"] for one in page.elements() if "id" in one.attributes]
    links = {one.attributes["href"] for one in page.elements() if "href" in one.attributes}
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_the_samples_hold_the_raw_values_and_say_where_the_rest_is(page: Element) -> None:
    sheet = page.find(id="samples-artifact-torch_side-onnxruntime").text()
    for words in ("209884", "6.4e-05", "0.000192", "282324.5", "version of onnxruntime", "2.1e-07"):
        assert words in sheet
    assert "artifacts/torch_side/onnx/onnxruntime-1.json" in sheet


def test_the_chart_has_every_side_and_says_that_its_axis_is_logarithmic(section: Element) -> None:
    figure = section.find(id="chart-arrived")
    wide = next(one for one in figure.find_all(tag="svg"))
    for words in ("ONNX Runtime", "LiteRT, int8", "time of a request (log axis)"):
        assert words in wide.text()
    legend = next(one for one in figure.elements() if "legend" in one.classes)
    assert [one.text() for one in legend.find_all(tag="li")] == list(NAMES)
    assert "They were not proven to be the same task" in section.text()


def test_a_comparison_that_deployed_has_all_sections_and_one_answer_more(full_run: Run) -> None:
    run = compared_and_deployed()
    questions = [one.question for one in answers(run)]
    assert [one for one in questions if one != "What arrives?"] == [one.question for one in answers(full_run)]
    assert questions.index("What arrives?") == questions.index("Which is faster?") + 1
    tree = parse(render_page(run))
    assert {"ladder", "timing", "deployment", "choice"} <= {one.attributes.get("id", "") for one in tree.elements()}


def test_a_side_that_failed_before_it_was_written_is_told() -> None:
    run = one_failed().model_copy(update={"artifacts": artifacts(("keras_side",))})
    assert "torch_side failed: the worker was killed: out of memory." in " ".join(" ".join(summary_lines(run)).split())
    assert "torch_side failed: the worker was killed" in " ".join(printed(run))
    same = run.model_copy(update={"artifacts": (artifact("keras_side", "onnxruntime"),)})
    assert answers(same)[0].tone == "bad"


def test_every_verdict_and_number_is_explained() -> None:
    for verdict, symbol in SYMBOLS.items():
        assert f"`{symbol} {verdict}`" in DOCS
    for word in ("p50, p99", "apart", "floor", "tolerance", "cold start", "peak memory", "samples a second"):
        assert f"| {word} |" in DOCS


# ---------------------------------------------------------------------- hostile and odd records


def test_an_attack_is_text_everywhere() -> None:
    attacked = hostile(deployed_alone())
    tree = parse(render_page(attacked))
    assert len(run_scripts(tree)) == 1
    assert not list(tree.find_all(tag="img"))
    assert not [name for one in tree.elements() for name in one.attributes if name.startswith("on")]
    assert ATTACK in tree.find(id="deployment").text()
    assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(render_page(attacked))
    told = "\n".join(printed(attacked))
    assert "[bold red]" in told.replace("\n", "").replace(" ", "").replace("boldred", "bold red")
    assert not {"\x1b", "\x07", "\u202e", "\ud800"} & set(told)


_numbers = st.floats(min_value=0, max_value=1e300) | st.sampled_from([float("inf"), float("nan")])
_times = st.floats(min_value=1e-9, max_value=1e6)
_texts = st.text(max_size=20)
_cases = st.builds(
    CaseGap, name=_texts, rows=st.integers(1, 99), max_rel=st.none() | _numbers, floor=_numbers, tolerance=_numbers,
    why=_texts,
)  # fmt: skip
_latencies = st.tuples(_times, st.floats(1, 1e4)).map(lambda at: Latency(p50=at[0], p99=at[0] * at[1], n=30))
_points = st.floats(-1, 1)
_accuracies = st.builds(
    Accuracy, side=_points, artifact=_points, lost=_points, low=_points, high=_points, rows=st.integers(1, 999)
)
_artifacts = st.builds(
    Artifact,
    side=st.sampled_from(["a", "<b>"]),
    target=st.sampled_from(["one", "two", "three"]),
    title=_texts,
    verdict=st.sampled_from(sorted(SYMBOLS)),
    why=_texts,
    precision=st.sampled_from(["float32", "int8"]),
    max_rel=st.none() | _numbers,
    cases=st.lists(_cases, max_size=2).map(tuple),
    size_bytes=st.none() | st.integers(0, 2**40),
    cold_start_s=st.none() | _times,
    latency_s=st.none() | _latencies,
    throughput_per_s=st.none() | _times,
    accuracy=st.none() | _accuracies,
    folder=_texts,
    script=_texts,
)


@settings(max_examples=8, deadline=None)
@given(st.lists(_artifacts, min_size=1, max_size=5, unique_by=lambda one: (one.side, one.target)))
def test_any_record_gives_a_whole_page_the_same_every_time(found: list[Artifact]) -> None:
    run = with_artifacts(*found)
    page = render_page(run)
    assert render_page(Run.model_validate_json(run.model_dump_json(by_alias=True))) == page
    section = parse(page).find(id="deployment")
    details = [one for one in section.find_all(tag="details") if "arrived" in one.classes]
    assert len(details) == len(found)
    assert [one for one in section.elements() if "badge" in one.classes]
    assert len(summary_lines(run)) <= 25
    assert printed(run)


# ---------------------------------------------------------------------- words


def test_cells_with_one_reason_are_told_together_in_the_order_of_verdicts() -> None:
    found = reasons(artifacts(), ("failed", "refused", "not run"))
    assert [(one.verdict, len(one.cells)) for one in found] == [("failed", 3), ("refused", 6), ("not run", 3)]


@pytest.mark.parametrize(
    ("lost", "half", "told", "short"),
    [
        (0.0056, 0.0045, "loses 0.56 points of accuracy (0.11 to 1.01)", "loses 0.56 points of accuracy"),
        (0.0056, 0.0084, "loses 0.56 points of accuracy (−0.28 to 1.40: not certain)", "loses 0.56 points of accuracy"),
        (-0.0056, 0.0045, "gains 0.56 points of accuracy (0.11 to 1.01)", "gains 0.56 points of accuracy"),
        (0.0, 0.0084, "keeps its accuracy (−0.84 to 0.84 points)", "keeps its accuracy"),
    ],
)
def test_what_is_lost_is_told_with_its_interval(lost: float, half: float, told: str, short: str) -> None:
    found = Accuracy(side=0.9, artifact=0.9 - lost, lost=lost, low=lost - half, high=lost + half, rows=359)
    assert plain(loses(found, "")) == told
    assert plain(loses_in_short(found, "")) == short


@pytest.mark.parametrize(
    ("targets", "verdict", "told"),
    [
        (["onnxruntime"], "All the same", "a ran in ONNX Runtime and computes the same there as by itself."),
        (["litert"], "Nothing ran", "a did not run in LiteRT."),
        (["litert", "jax_export"], "Nothing ran", "1 side in 2 targets: none ran in its runtime."),
        (["onnxruntime", "litert"], "1 of 2, 1 the same", "1 of 2 ran in their runtime, and it computes the same"),
        (
            ["onnxruntime", "openvino"],
            "All, 1 the same",
            "2 of 2 ran in their runtime, and 1 of these computes",
        ),
        (
            ["openvino", "litert"],
            "1 of 2, none the same",
            "1 of 2 ran in their runtime, and none of these computes",
        ),
    ],
)
def test_the_verdict_counts_what_is_the_same(targets: list[str], verdict: str, told: str) -> None:
    run = with_artifacts(*(artifact("a", target) for target in targets))
    (answer,) = answers(run)
    assert answer.verdict == verdict
    assert told in plain(answer.lines[0])


# ---------------------------------------------------------------------- the terminal


def test_the_terminal_fits_eighty_columns_and_has_no_rows_of_dashes() -> None:
    lines = printed(deployed_alone())
    assert max(map(cell_len, lines)) <= 80
    rows = [line for line in lines if re.match("(onnxruntime|litert_int8|openvino|wrong) ", line)]
    assert len(rows) == len(NAMES) * sum(verdict in RAN for _, verdict, _ in TARGETS.values())
    assert all("µs" in row and "205 KiB" in row for row in rows)
    text = " ".join(" ".join(lines).split())
    assert "tensorflow and litert refused: PyTorch writes no SavedModel." in text
    assert "litert_int8: loses 0.56 points of accuracy" in text


def test_the_summary_of_a_comparison_says_what_arrived_and_leaves_the_causes_their_room() -> None:
    lines = summary_lines(compared_and_deployed())
    assert len(lines) <= 25
    place = next(number for number, line in enumerate(lines) if line.startswith("Arrives "))
    assert lines[place].startswith("Arrives         12 of 24, 3 the same. 3 sides in 8 targets: 12 of 24 ran in")
    assert lines[place + 2].startswith("To choose")
    assert "4. Betas rounded to float32: float32 in keras_side;" in " ".join(lines)


def test_the_summary_says_more_of_what_arrived_where_there_is_room() -> None:
    run = compared_and_deployed().model_copy(update={"proof": None, "timings": None})
    assert "it computes in about bfloat16, not in float32." in " ".join(" ".join(summary_lines(run)).split())
