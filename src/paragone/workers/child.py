"""The worker's own main: bound to its parent's life, it loads one framework's adapter and serves operations.

Run as `python -m paragone.workers.child FD`, or forked by `paragone.workers.forkserver`. It never outlives its parent:
the kernel kills it, stopped or running, when the parent's thread that started it ends (PR_SET_PDEATHSIG, prctl(2)).
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from paragone.errors import InputError
from paragone.workers.channel import Channel, ChannelClosedError, Message

_PR_SET_PDEATHSIG = 1
_LONGEST = 300


def main() -> None:
    """Serve the orchestrator that started this process."""
    faulthandler.enable()
    serve(int(sys.argv[1]))


def serve(line: int, parent_pid: int = 0) -> None:
    """Serve until the line closes.

    Args:
        line: the file of the socket.
        parent_pid: with which this process ends; 0 where the line tells it.
    """
    channel = Channel(socket.socket(fileno=line))
    if parent_pid:
        die_with(parent_pid)
    hello = channel.receive()
    die_with(parent_pid or int(hello["parent_pid"]))
    sys.argv = [str(hello["spec"]["file"])]  # a file that reads its arguments has none, as under `python FILE`
    from paragone.workers.operations import Session

    session = Session(hello["spec"], int(hello["spawned_ns"]))
    waiting_since_ns = time.monotonic_ns()
    while True:
        try:
            message = channel.receive()
        except ChannelClosedError:
            os._exit(0)
        session.waited_ns += time.monotonic_ns() - waiting_since_ns
        answer = _answer(session, message)
        waiting_since_ns = time.monotonic_ns()  # before it is sent: the parent may stop us as soon as it has it
        channel.send(answer)


def _answer(session: Any, message: Message) -> Message:
    try:
        return {"result": session.serve(str(message["op"]), dict(message["arguments"]))}
    except InputError as error:
        return {"input_error": error.as_dict(), "kind": type(error).__name__}
    except SystemExit as error:
        return {"failure": f"the file ended the program itself (exit {str(error.code)[:_LONGEST]})"}
    except BaseException as error:
        traceback.print_exc()
        return {"failure": _one_line(error, Path(session.spec["file"]))}


def _one_line(error: BaseException, file: Path) -> str:
    """What was raised, and the last line of the side's file on the way to it."""
    from paragone.sides.execute import line_of

    lines = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {lines[0][:_LONGEST]}" if lines else type(error).__name__
    if isinstance(error, MemoryError):
        text = f"it ran out of memory ({text})"
    line = line_of(error, file)
    return text if line is None else f"{text} ({file.name}, line {line})"


def die_with(parent_pid: int) -> None:
    """Be killed by the kernel when the parent ends; end at once if it has ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)


if __name__ == "__main__":
    main()
