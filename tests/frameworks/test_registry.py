"""The list of frameworks: ours by their folders, others by entry points."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from paragone import plugins
from paragone.errors import InputError
from paragone.frameworks import registry
from paragone.frameworks.descriptor import Descriptor

NUMPY = Descriptor("numpy", "NumPy", ("numpy",), ("numpy",), "pip install numpy", "numpy_side.worker", "numpy")
TAKEN = dataclasses.replace(NUMPY, id="torch")


@pytest.fixture(autouse=True)
def fresh_list() -> Iterator[None]:
    registry.frameworks.cache_clear()
    yield
    registry.frameworks.cache_clear()


def bring(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = EntryPoint("numpy", value, plugins.FRAMEWORKS)
    monkeypatch.setattr(plugins, "points", lambda group: [point] if group == plugins.FRAMEWORKS else [])


def test_ours_are_found_by_their_folders() -> None:
    found = registry.frameworks()
    assert {"tensorflow", "torch", "jax"} <= set(found)
    assert all(found[name].id == name for name in found)


def test_every_worker_probe_and_recipe_is_a_module_that_is_there() -> None:
    for name in ("tensorflow", "torch", "jax"):
        descriptor = registry.frameworks()[name]
        assert importlib.util.find_spec(descriptor.worker) is not None
        assert importlib.util.find_spec(descriptor.probe) is not None
        assert importlib.util.find_spec(descriptor.recipe) is not None


def test_another_package_brings_a_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paragone.frameworks.descriptor.NUMPY", NUMPY, raising=False)
    bring(monkeypatch, "paragone.frameworks.descriptor:NUMPY")
    assert registry.frameworks()["numpy"] is NUMPY


@pytest.mark.parametrize(
    ("value", "received"),
    [
        ("surely_not_installed:X", "ModuleNotFoundError"),
        ("json:loads", "an object of type function"),
        ("paragone.frameworks.descriptor:TAKEN", "its id 'torch' is taken by 'PyTorch'"),
    ],
)
def test_a_plugin_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, value: str, received: str) -> None:
    monkeypatch.setattr("paragone.frameworks.descriptor.TAKEN", TAKEN, raising=False)
    bring(monkeypatch, value)
    with pytest.raises(InputError) as caught:
        registry.frameworks()
    assert received in caught.value.received
    assert value in caught.value.where
