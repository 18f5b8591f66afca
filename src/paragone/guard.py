"""How a command ends: every way out has its exit code, its one message, and leaves no worker behind."""

from __future__ import annotations

import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from paragone.errors import EXIT_OURS, InputError, ParagoneError, printable

EXIT_INTERRUPTED = 128 + signal.SIGINT
EXIT_TERMINATED = 128 + signal.SIGTERM
LOG = "error.log"


class Terminated(KeyboardInterrupt):
    """The system asked the program to end (SIGTERM)."""


class Guard:
    """The frame around one command: turns whatever it raises into a message on standard error and an exit code.

    Args:
        folder: the run's folder, once it is known; finished trials and the log of an error of ours are in it.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._earlier: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Guard:
        self._earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        signal.signal(signal.SIGTERM, _terminate)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if error is not None and not isinstance(error, SystemExit | BrokenPipeError):
                ignore_signals()
                _end_workers()
                sys.exit(self._exit_code(error))
        finally:
            for number, handler in self._earlier.items():
                signal.signal(number, handler)

    def _exit_code(self, error: BaseException) -> int:
        """Say what happened, and give the exit code for it."""
        if isinstance(error, KeyboardInterrupt):
            _say(f"\nInterrupted.{self._what_is_kept()}")
            return EXIT_TERMINATED if isinstance(error, Terminated) else EXIT_INTERRUPTED
        if isinstance(error, InputError):
            _say(f"error: {error}")
            return error.exit_code
        what = str(error) if isinstance(error, ParagoneError) else type(error).__name__
        _say(f"error: Something of ours failed: {what}. The details are in {self._log(error)}")
        return EXIT_OURS

    def _what_is_kept(self) -> str:
        if self.folder is None or not self.folder.is_dir():
            return ""
        return f" Finished trials are kept in {self.folder}; the same command goes on from there."

    def _log(self, error: BaseException) -> Path:
        text = "".join(traceback.format_exception(error))
        if self.folder is not None and self.folder.is_dir():
            try:
                (self.folder / LOG).write_text(text, encoding="utf-8")
                return self.folder / LOG
            except OSError:  # a full or read-only disk: say it elsewhere
                pass
        with tempfile.NamedTemporaryFile(
            "w", prefix="paragone-", suffix=".log", delete=False, encoding="utf-8"
        ) as stream:
            stream.write(text)
        return Path(stream.name)


def ignore_signals() -> None:
    """Let nothing interrupt the last steps of a program that is ending anyway."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


def _end_workers() -> None:
    spawn = sys.modules.get("paragone.workers.spawn")
    if spawn is not None:
        spawn.close_all()


def _say(text: str) -> None:
    sys.stderr.write(f"{printable(text)}\n")
    sys.stderr.flush()
