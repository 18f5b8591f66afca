"""Progress on the terminal: what is drawn, and that nothing is drawn while a contender is timed."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from paragone.console import ConsoleProgress, shown_progress
from paragone.progress import Silent


def terminal() -> tuple[io.StringIO, Console]:
    stream = io.StringIO()
    return stream, Console(file=stream, force_terminal=True, width=100, color_system=None, _environ={})


def test_stages_and_notes_are_shown() -> None:
    stream, console = terminal()
    with ConsoleProgress(console) as progress:
        progress.stage("prove", 2)
        progress.advance(1, "keras_side: floor")
        progress.stage("measure", 10)
        progress.say("torch_side failed")
    text = stream.getvalue()
    assert all(words in text for words in ("prove", "measure", "torch_side failed", "100%"))


def test_a_bar_that_was_interrupted_does_not_claim_to_be_done() -> None:
    stream, console = terminal()
    with pytest.raises(KeyboardInterrupt), ConsoleProgress(console) as progress:
        progress.stage("prove", 4)
        progress.advance(1)
        raise KeyboardInterrupt
    assert "100%" not in stream.getvalue()


def test_bars_redraw_by_themselves_but_not_while_still() -> None:
    stream, console = terminal()
    with ConsoleProgress(console) as progress:
        progress.stage("measure", 10)
        before = len(stream.getvalue())
        time.sleep(1.3)
        assert len(stream.getvalue()) > before
        progress.still(True)
        time.sleep(0.7)
        quiet = len(stream.getvalue())
        time.sleep(1.5)
        assert len(stream.getvalue()) == quiet
        progress.still(False)
        time.sleep(1.3)
        assert len(stream.getvalue()) > quiet


def test_while_still_events_redraw_at_most_once_a_second() -> None:
    stream, console = terminal()
    with ConsoleProgress(console) as progress:
        progress.stage("measure", 1000)
        progress.still(True)
        time.sleep(0.7)
        before = stream.getvalue().count("measure")
        for _ in range(200):
            progress.advance(1)
        assert stream.getvalue().count("measure") - before <= 1


def test_words_that_would_steer_the_terminal_are_made_harmless() -> None:
    stream, console = terminal()
    with ConsoleProgress(console) as progress:
        progress.say("a\x1b]0;title\x07[bold]b")
    assert "\x1b]0;" not in stream.getvalue()
    assert "[bold]b" in stream.getvalue()


def test_nothing_is_shown_where_standard_error_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress(quiet=False) as progress:
        assert isinstance(progress, Silent)
        progress.stage("prove", 1)
    assert capsys.readouterr().err == ""
