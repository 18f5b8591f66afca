from __future__ import annotations

import subprocess
import sys

import pytest

from paragone.choose import profiles
from paragone.choose.profile import named, parse
from paragone.errors import InputError


def test_every_shipped_profile_describes_itself_and_weighs_something() -> None:
    known = profiles()
    assert {"balanced", "long-training", "quick-experiments", "small-memory"} <= set(known)
    for name, profile in known.items():
        assert profile.name == name
        assert len(profile.description) > 30
        assert sum(profile.weights.values()) == pytest.approx(1.0)


def test_an_unknown_profile_is_answered_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(InputError) as caught:
        named("balansed")
    assert "the nearest is `balanced`" in caught.value.what
    assert all(name in caught.value.expected for name in profiles())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('description = "d"\n[weights]\nstep-tim = 1.0', "the nearest is `step-time`"),
        ('description = "d"\n[weights]\nstep-time = -1.0', "must be a positive number"),
        ('description = "d"\n[weights]\nstep-time = nan', "must be a positive number"),
        ('description = "d"\n[weights]\nstep-time = "much"', "valid number"),
        ('description = "d"\n[weights]\n', "at least 1"),
        ('description = "d"\n[constraints]\npeak_memory = 1\n[weights]\nstep-time = 1', "Extra inputs"),
        ("[weights]\nstep-time = 1", "Field required"),
        ("not toml", "cannot be read"),
        ('name = "other"', "cannot be read"),
    ],
)
def test_a_faulty_profile_is_one_clear_input_error(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse("mine", text)
    assert said in caught.value.what
    assert "mine" in caught.value.what


def test_listing_profiles_loads_neither_numpy_nor_scipy() -> None:
    script = (
        "import sys; from paragone.choose import profiles; profiles(); print({'numpy', 'scipy'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
