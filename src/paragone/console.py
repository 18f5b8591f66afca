"""Progress on the terminal, with time left; on standard error, so that standard output is the result's alone."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from paragone.errors import printable
from paragone.progress import Progress, Silent

_BEAT_S = 0.5
_STILL_BEAT_S = 1.0


@contextmanager
def shown_progress(quiet: bool) -> Iterator[Progress]:
    """Progress bars while the block runs; nothing where `quiet` or where standard error is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    with ConsoleProgress(Console(stderr=True)) as progress:
        yield progress


class ConsoleProgress:
    """A `Progress` of one bar a stage.

    Between events a thread redraws the bars, so that the time left runs on. While a contender is timed (`still`) that
    thread sleeps for good, and an event redraws at most once a second.
    """

    def __init__(self, console: Console):
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            TextColumn("{task.fields[note]}", markup=False, style="dim"),
            console=console,
            auto_refresh=False,
            speed_estimate_period=600,
        )
        self._task: TaskID | None = None
        self._drawn_at = 0.0
        self._awake = threading.Event()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._redraw, daemon=True)

    def __enter__(self) -> ConsoleProgress:
        self._bars.start()
        self._awake.set()
        self._beat.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._ended.set()
        self._awake.set()
        self._beat.join()
        if kind is None:
            self._finish()
        self._bars.stop()

    def stage(self, name: str, total: float) -> None:
        """Finish the bar before, and begin one for this stage."""
        self._finish()
        self._task = self._bars.add_task(name, total=total, note="")
        self._draw(0.0)

    def advance(self, amount: float = 1.0, note: str = "") -> None:
        """Move the bar on."""
        if self._task is not None:
            self._bars.update(self._task, advance=amount, note=printable(note))
            self._draw(_BEAT_S if self._awake.is_set() else _STILL_BEAT_S)

    def say(self, text: str) -> None:
        """Print one line above the bars."""
        self._bars.console.print(Text(printable(text)), highlight=False)

    def still(self, quiet: bool) -> None:
        """While quiet the redrawing thread sleeps."""
        if quiet:
            self._awake.clear()
        else:
            self._awake.set()

    def _finish(self) -> None:
        if self._task is not None:
            done = next(task for task in self._bars.tasks if task.id == self._task)
            self._bars.update(self._task, completed=done.total, note="")

    def _draw(self, at_most_every_s: float) -> None:
        now = time.monotonic()
        if now - self._drawn_at >= at_most_every_s:
            self._drawn_at = now
            self._bars.refresh()

    def _redraw(self) -> None:
        while not self._ended.wait(_BEAT_S):
            self._awake.wait()
            self._draw(_BEAT_S)
