"""Several workers asked at once, from threads that stay.

The kernel kills a worker when the thread that started it ends (`paragone.workers.child`), so whoever may start one must
not be a thread of the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

T = TypeVar("T")
_MOST = 8
"""Sides that are asked at once."""


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """What all calls give, in their order; the first error is raised when all of them have ended."""
    futures = [_threads().submit(call) for call in calls]
    wait(futures)
    return [future.result() for future in futures]


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=_MOST, thread_name_prefix="side")
