"""Every exception that Paragone raises on purpose.

```
ParagoneError                 exit code 3: something of ours failed
├── InputError                exit code 2: what was given cannot be used
│   └── SideError             a side's own file is at fault (carries the line)
│       └── NoModelError      it has no model of this framework
└── WorkerFailure             a worker died, ran out of memory or raised
    └── WorkerHungError       it gave no answer in time

NotSameError                  an AssertionError: what was asserted to be the same is not
```

An `InputError` says what is wrong, where, what was expected, what was received and what to do next.
A `WorkerFailure` is a result: the contender it belongs to failed, and the others go on.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from typing import Any

EXIT_DONE = 0
EXIT_NOT_SAME = 1
EXIT_BAD_INPUT = 2
EXIT_OURS = 3


class ParagoneError(Exception):
    """The root of all exceptions of this package; on its own it means that something of ours failed."""

    exit_code = EXIT_OURS


class InputError(ParagoneError):
    """What the user gave cannot be used.

    Args:
        what: one sentence that names the fault.
        where: the file, field or option that holds it.
        expected: what would have been accepted.
        received: what was found.
        next_step: what the user can do about it.
    """

    exit_code = EXIT_BAD_INPUT

    def __init__(self, what: str, *, where: str = "", expected: str = "", received: str = "", next_step: str = ""):
        self.what = what
        self.where = where
        self.expected = expected
        self.received = received
        self.next_step = next_step
        super().__init__(self.text())

    def text(self) -> str:
        """The whole message, one fact a line."""
        rows = (
            ("where", self.where),
            ("expected", self.expected),
            ("received", self.received),
            ("next", self.next_step),
        )
        return "\n".join([self.what, *(f"  {label}: {value}" for label, value in rows if value)])

    def as_dict(self) -> dict[str, str]:
        """The message as plain data, to pass between processes."""
        return {
            "what": self.what,
            "where": self.where,
            "expected": self.expected,
            "received": self.received,
            "next_step": self.next_step,
        }


class SideError(InputError):
    """A side's file cannot be used: no model in it, two models, a syntax error, data that does not fit."""


class NoModelError(SideError):
    """A file has no model of this framework; it may import it for another purpose."""


class NotSameError(AssertionError):
    """What `paragone.assert_same` raises: the report's text, and the record as `run`.

    It is no `ParagoneError`: nothing failed, and a test that asserts is told so.
    """

    def __init__(self, text: str, run: Any):
        self.run = run
        super().__init__(text)


class WorkerFailure(ParagoneError):
    """A worker process did not do what it was asked.

    Args:
        reason: one sentence, fit for the report (no absolute paths).
        log: path of the worker's log, relative to the run's folder.
    """

    def __init__(self, reason: str, log: str = ""):
        self.reason = reason
        self.log = log
        super().__init__(f"{reason} (log: {log})" if log else reason)


class WorkerHungError(WorkerFailure):
    """A worker gave no answer in time and was killed."""


def printable(text: str) -> str:
    """The text without characters that would steer a terminal; a name of a file may hold them."""
    return "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in text)


_LEADING_FOLDERS = re.compile(r"(?<![\w.:/~-])~?/(?:[^\s/:;,'\"()<>|]+/)+")


def shareable(text: str) -> str:
    """The text with every absolute path cut to its end, since a record may be shared.

    This user's own folders are cut first: their names may hold spaces.
    """
    for folder, word in sorted(_own_folders().items(), key=lambda item: len(item[0]), reverse=True):
        text = re.sub(rf"{re.escape(folder)}(?![\w/-])", word, text.replace(f"{folder}/", ""))
    return _LEADING_FOLDERS.sub("", text)


def _own_folders() -> dict[str, str]:
    """The folders whose names tell about this user, and the words for them."""
    found = {tempfile.gettempdir(): "the temporary folder", os.path.expanduser("~"): "the home folder"}  # noqa: PTH111
    with contextlib.suppress(OSError):  # the working folder may have been deleted
        found[os.getcwd()] = "the working folder"  # noqa: PTH109
    return {folder: word for folder, word in found.items() if folder.count("/") and len(folder) > 1}


def reason_of(error: ParagoneError) -> str:
    """Why something failed, in one line that may be shared."""
    return shareable(error.reason if isinstance(error, WorkerFailure) else str(error).splitlines()[0])
