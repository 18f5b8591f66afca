"""Every exception that Paragone raises on purpose.

```
ParagoneError                 exit code 3: something of ours failed
├── InputError                exit code 2: what was given cannot be used
│   └── SideError             a side's own file is at fault (carries the line)
│       └── NoModelError      it has no model of this framework
└── WorkerFailure             a worker died, hung, ran out of memory or raised
```

An `InputError` says what is wrong, where, what was expected, what was received and what to do next.
A `WorkerFailure` is a result: the contender it belongs to failed, and the others go on.
"""

from __future__ import annotations

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


def printable(text: str) -> str:
    """The text without characters that would steer a terminal; a name of a file may hold them."""
    return "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in text)
