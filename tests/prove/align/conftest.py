"""One process for each framework, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .bench import Children


@pytest.fixture(scope="session")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    started = Children(tmp_path_factory.mktemp("children"))
    yield started
    started.close()
