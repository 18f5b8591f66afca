"""Random draws that are the same in every process.

Hypothesis draws now and then a constant that it has read in whatever modules happen to be loaded, so that the draws
would depend on the tests that ran before (hypothesis/internal/conjecture/providers.py, 6.170).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from hypothesis.internal.conjecture import providers


@contextmanager
def no_constants_of_modules() -> Iterator[None]:
    """Meanwhile nothing is drawn because it stands in a module."""
    nothing = providers.Constants()
    with (
        mock.patch.object(providers, "_get_local_constants", lambda: nothing),
        mock.patch.object(providers, "CONSTANTS_CACHE", {}),
    ):
        yield
