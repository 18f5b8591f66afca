from __future__ import annotations

from typing import Any

import pytest
from tests.report import sample

from paragone.errors import InputError
from paragone.measure.machines import check_alike, unlike
from paragone.records import Machine, Run

MACHINE = Machine(
    cpu="Some CPU",
    cores=2,
    governor="performance",
    memory_bytes=2**33,
    system="Linux 6",
    python="3.11.9",
    load_before=0.1,
    packages={"torch": "2.13.0", "jax": "0.10.2"},
)


def run(**machine: Any) -> Run:
    return sample.timed_alone().model_copy(update={"machine": MACHINE.model_copy(update=machine)})


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"cpu": "Other CPU"}, "processor: Some CPU and Other CPU"),
        ({"cores": 4}, "cores: 2 and 4"),
        ({"governor": ""}, "frequency governor: performance and none told"),
        ({"accelerators": ("NVIDIA X",)}, "accelerators: none told and NVIDIA X"),
        ({"system": "Linux 7"}, "system: Linux 6 and Linux 7"),
        ({"python": "3.12.1"}, "Python: 3.11.9 and 3.12.1"),
        ({"packages": {"torch": "2.14.0"}}, "torch: 2.13.0 and 2.14.0"),
    ],
)
def test_records_of_unlike_machines_are_refused_and_the_difference_is_named(other: dict[str, Any], says: str) -> None:
    for first, second in ((run(), run(**other)), (run(**other), run())):
        with pytest.raises(InputError) as caught:
            check_alike(first, second, "a and b")
        assert caught.value.where == "a and b"
        assert "paragone measure" in caught.value.next_step
    assert list(unlike(MACHINE, MACHINE.model_copy(update=other))) == [says]


def test_what_the_machine_was_doing_does_not_count() -> None:
    check_alike(run(), run(load_before=7.5), "a and b")
    check_alike(run(), run(packages={"torch": "2.13.0", "keras": "3.15.1"}), "a and b")


def test_everything_that_differs_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        check_alike(run(), run(cores=4, governor="powersave"), "a and b")
    assert caught.value.received == "cores: 2 and 4; frequency governor: performance and powersave"


def test_a_side_with_another_python_is_not_like_one_with_ours() -> None:
    mine = run()
    side = mine.sides[1].model_copy(update={"python": "3.12.1 (new/bin/python)", "packages": {"torch": "2.14.0"}})
    other = mine.model_copy(update={"sides": (mine.sides[0], side, *mine.sides[2:])})
    with pytest.raises(InputError) as caught:
        check_alike(mine, other, "a and b")
    assert "torch_side's Python: none told and 3.12.1 (new/bin/python)" in caught.value.received
    check_alike(other, other, "a and b")
