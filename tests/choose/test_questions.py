from __future__ import annotations

from pathlib import Path

import pytest

from paragone.choose.profile import profiles
from paragone.choose.questions import QUESTIONS, answered, read_answers
from paragone.errors import InputError


def test_there_are_ten_at_most() -> None:
    assert len(QUESTIONS) <= 10
    assert len({question.key for question in QUESTIONS}) == len(QUESTIONS)


def test_what_is_not_answered_is_as_the_purpose_says() -> None:
    for purpose, shipped in profiles().items():
        profile, _ = answered({"purpose": purpose})
        assert (profile.weighing, profile.constraints) == (shipped.weighing, shipped.constraints)
    assert answered({})[0].weighing == profiles()["balanced"].weighing


def test_every_answer_comes_into_the_profile() -> None:
    profile, _ = answered(
        {
            "purpose": "production",
            "most": "artifact-size",
            "next": "latency",
            "least": "targets-reached",
            "targets": "onnxruntime, litert",
            "never": "jax",
            "accuracy": "0.5 points",
            "memory": "1.5 GiB",
            "latency": "20 ms",
            "python": "3.12",
        }
    )
    assert profile.weighing.kind == "order"
    assert all(chain.startswith("artifact-size > latency > ") for chain in profile.weighing.order)
    assert all(chain.endswith(" > targets-reached") for chain in profile.weighing.order)
    assert set(profile.criteria) == set(profiles()["production"].criteria)
    assert profile.constraints == profiles()["production"].constraints | {
        "reaches": ("onnxruntime", "litert"),
        "never": ("jax",),
        "accuracy-within": 0.005,
        "peak-memory-at-most": 1.5 * 2**30,
        "latency-at-most": 0.02,
        "python": "3.12",
    }


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [
        ("purpose", "prodction", "the nearest is `production`"),
        ("most", "latncy", "the nearest is `latency`"),
        ("memory", "much", "a number with a unit"),
        ("memory", "2 GHz", "GiB"),
        ("accuracy", "200", "points from 0 to 100"),
        ("latency", "-1 ms", "a number with a unit"),
        ("python", "4", "`python` that cannot be used"),
        ("targets", "litrt", "the nearest is `litert`"),
        ("never", "torch", "options"),
    ],
)
def test_an_answer_that_cannot_be_used_is_one_clear_error(key: str, answer: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        answered({key: answer})
    assert said in str(caught.value)


def test_one_criterion_cannot_matter_most_and_least() -> None:
    with pytest.raises(InputError, match="most and least"):
        answered({"most": "latency", "least": "latency"})


def test_answers_come_from_the_command_line_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text('purpose = "education"\ntargets = ["litert", "onnxruntime"]\naccuracy = 2')
    found = read_answers(("accuracy=3", "memory=2 GiB"), str(path))
    assert found == {
        "purpose": "education",
        "targets": "litert, onnxruntime",
        "accuracy": "3",
        "memory": "2 GiB",
    }
    for given, said in (("memory", "no key"), ("memroy=2", "the nearest is `memory`")):
        with pytest.raises(InputError) as caught:
            read_answers((given,))
        assert said in str(caught.value)
    path.write_text("not toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_answers((), str(path))
