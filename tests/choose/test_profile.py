from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from paragone.choose import profiles
from paragone.choose.profile import named, parse
from paragone.errors import InputError

from .worlds import Planted, ask, build


def test_every_shipped_profile_describes_itself_and_weighs_something() -> None:
    known = profiles()
    assert set(known) == {
        "balanced",
        "dynamic-architectures",
        "education",
        "large-scale-training",
        "microcontroller",
        "phone-edge",
        "production",
        "prototyping",
        "research",
    }
    for name, profile in known.items():
        assert profile.name == name
        assert len(profile.description) > 30
        assert profile.criteria
        if profile.weighing.kind == "weights":
            assert sum(profile.weighing.weights.values()) == pytest.approx(1.0)


def test_an_unknown_profile_is_answered_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(InputError) as caught:
        named("balansed")
    assert "the nearest is `balanced`" in caught.value.what
    assert all(name in caught.value.expected for name in profiles())


WEIGHED = 'description = "d"\n[weights]\nstep-time = 1\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('description = "d"\n[weights]\nstep-tim = 1.0', "unknown criterion `step-tim` (the nearest is `step-time`)"),
        ('description = "d"\norder = ["latencie > accuracy"]', "(the nearest is `latency`)"),
        ('description = "d"\ncriteria = ["latency", "acuracy"]', "(the nearest is `accuracy`)"),
        ('description = "d"\n[weights]\nstep-time = -1.0', "must be a number of at least 0"),
        ('description = "d"\n[weights]\nstep-time = nan', "must be a number of at least 0"),
        ('description = "d"\n[weights]\nstep-time = inf', "must be a number of at least 0"),
        ('description = "d"\n[weights]\nstep-time = "much"', "must be a number of at least 0"),
        ('description = "d"\n[weights]\nstep-time = true', "must be a number of at least 0"),
        ('description = "d"\n[weights]\nstep-time = 0\naccuracy = 0.0', "all zero"),
        ('description = "d"\n[weights]\n', "no weights"),
        ('description = "d"\nweights = 3', "no weights"),
        ('description = "d"', "says nothing of what counts"),
        ('description = "d"\norder = ["latency > accuracy"]\n[weights]\nlatency = 1', "says it twice"),
        ('description = "d"\nconcentration = 0\n[weights]\nlatency = 1', "concentration out of range"),
        ('description = "d"\nconcentration = 10\norder = ["latency > accuracy"]', "concentration without weights"),
        ('description = "d"\norder = ["latency > accuracy", "accuracy > latency"]', "goes round: latency > accuracy"),
        ('description = "d"\norder = ["latency > latency"]', "goes round: latency > latency"),
        ('description = "d"\norder = ["latency > accuracy", "accuracy = latency"]', "goes round"),
        ('description = "d"\norder = ["latency > > accuracy"]', "cannot be read"),
        ('description = "d"\norder = []', "has no order"),
        ('description = "d"\ncriteria = ["latency > accuracy"]', "cannot be read"),
        (WEIGHED + "[constraints]\npeak-memory-at-mots = 1", "(the nearest is `peak-memory-at-most`)"),
        (WEIGHED + "[constraints]\npeak-memory-at-most = -1", "`peak-memory-at-most` that cannot be used"),
        (WEIGHED + "[constraints]\naccuracy-within = 2", "`accuracy-within` that cannot be used"),
        (WEIGHED + '[constraints]\nreaches = ["litrt"]', "`reaches` that cannot be used"),
        (WEIGHED + '[constraints]\nonly = ["pytorch"]\nnever = ["pytorch"]', "`only = ['pytorch']` and `never = "),
        (WEIGHED + '[constraints]\nreaches = ["executorch"]\nonly = ["jax"]', "contradict each other"),
        ("targets = ['litrt']\n" + WEIGHED, "a target that cannot be used"),
        ("constraints = 3\n" + WEIGHED, "has no constraints"),
        ("wieghts = 3\n" + WEIGHED, "unknown field `wieghts` (the nearest is `weights`)"),
        ("[weights]\nstep-time = 1", "does not say what it is for"),
        ("not toml", "cannot be read"),
        ('name = "other"', "unknown field `name`"),
    ],
)
def test_a_faulty_profile_is_one_clear_input_error(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse("mine", text)
    assert said in caught.value.what
    assert "mine" in caught.value.what
    assert caught.value.where
    assert caught.value.received


def test_a_profile_of_the_users_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "needs.toml"
    path.write_text(WEIGHED + "[constraints]\naccuracy-within = 0.01")
    found = named(str(path))
    assert (found.name, found.criteria, found.constraints) == ("needs", ("step-time",), {"accuracy-within": 0.01})
    path.write_bytes(b"\xff\xfe")
    for name in (str(path), str(tmp_path / "none.toml"), str(tmp_path)):
        with pytest.raises(InputError, match="There is no profile"):
            named(name)


def test_listing_profiles_loads_neither_numpy_nor_scipy() -> None:
    script = (
        "import sys; from paragone.choose import profiles; profiles(); print({'numpy', 'scipy'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


FACT = """
[facts.runs-on-mine]
says = "It runs on our machines."
value = true
unit = "yes or no"
date = 2026-11-30
source = "https://example.org/ours"
source_says = "it runs"
says_who = "ours"
checked = "run once"
look_again = 2027-05-30
"""


def test_a_fact_of_the_profiles_own_decides_and_one_without_source_is_refused() -> None:
    text = WEIGHED + '[constraints.facts]\npytorch = "mine/runs-on-mine"\n' + FACT
    made = build([Planted("a", framework="torch"), Planted("b", framework="jax")])
    choice = ask(made, parse("p", text))
    decided = {one.side: (one.met, one.source) for one in choice.constraints if one.id == "facts"}
    assert decided == {"a": (True, "mine/runs-on-mine: https://example.org/ours"), "b": (False, "")}
    assert not ask(made, parse("p", text.replace("value = true", "value = false"))).winners
    for field in ("source", "date", "look_again"):
        less = "\n".join(line for line in text.splitlines() if not line.startswith(f"{field} "))
        with pytest.raises(InputError, match=f"mine/runs-on-mine has no {field}"):
            parse("p", less)
    for wrong, said in (("mine/runs-on-yours", "the nearest is `mine/runs-on-mine`"), ("value = 3", "neither")):
        broken = text.replace("value = true", wrong) if "=" in wrong else text.replace("mine/runs-on-mine", wrong)
        with pytest.raises(InputError) as caught:
            parse("p", broken)
        assert said in str(caught.value)
