"""What a claim may rest on: runs found by their ids, facts that are refused without source or date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.report import sample

from paragone.choose.evidence import stored_evidence
from paragone.choose.facts import facts, read_facts
from paragone.errors import InputError
from paragone.folder import save_run
from paragone.history.runs import keep

GOOD = """
[archived]
says = "TorchServe was archived on 2025-08-07."
value = true
unit = "yes or no"
date = 2025-08-07
source = "https://github.com/pytorch/serve"
source_says = "a notice on top"
says_who = "vendor"
checked = "the page was read"
look_again = 2027-05-01
"""


def test_an_own_run_has_the_id_that_the_history_gives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGONE_HOME", str(tmp_path / "home"))
    made, folder = sample.timed_alone(), tmp_path / "run"
    folder.mkdir()
    save_run(folder, made)
    id_ = keep(made, folder)
    by_folder, by_id = stored_evidence([folder]).runs[0], stored_evidence([id_]).runs[0]
    assert (by_folder.id, by_folder.folder, by_folder.run) == (id_, str(folder), made)
    assert (by_id.id, by_id.folder, by_id.run) == (id_, "", made)


def test_evidence_is_loaded_without_a_framework_and_without_numpy() -> None:
    program = (
        "import sys; from paragone.choose.evidence import stored_evidence; stored_evidence();"
        "sys.exit(', '.join({'numpy', 'scipy', 'torch', 'tensorflow', 'keras', 'jax'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_good_fact_is_read() -> None:
    fact = read_facts("torchserve.toml", GOOD)["torchserve/archived"]
    assert (fact.value, fact.says_who, fact.date.isoformat()) == (True, "vendor", "2025-08-07")


@pytest.mark.parametrize("missing", ["source", "source_says", "date", "look_again", "says_who", "checked", "says"])
def test_a_fact_without_source_date_or_a_day_to_look_again_is_refused(missing: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"{missing} ="))
    with pytest.raises(InputError) as caught:
        read_facts("torchserve.toml", text)
    assert caught.value.what == f"The fact torchserve/archived has no {missing}."
    assert caught.value.where == f"torchserve.toml, [archived], {missing}"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"https://github.com/pytorch/serve"', '""', "source"),
        ('"https://github.com/pytorch/serve"', '"javascript:alert(1)"', "source"),
        ("date = 2025-08-07", 'date = "lately"', "date"),
        ('"vendor"', '"everybody"', "says_who"),
        ("value = true", 'value = " "', "value"),
        ("[archived]", "[archived]\ncolour = 1", "colour"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(old: str, new: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        read_facts("torchserve.toml", GOOD.replace(old, new, 1))
    assert caught.value.where == f"torchserve.toml, [archived], {field}"


@pytest.mark.parametrize("text", ["a = [", "archived = 1"])
def test_a_text_that_holds_no_facts_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"facts in|table of its own"):
        read_facts("torchserve.toml", text)


def test_every_fact_that_ships_is_read_and_holds_before_it_is_looked_at_again() -> None:
    assert all(fact.date < fact.look_again for fact in facts().values())
