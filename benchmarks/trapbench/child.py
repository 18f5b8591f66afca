"""A worker that outlives its side: `begin` puts another side in its place, so that a framework is imported once.

Its parent is `warm.py`. Everything else is what `paragone.workers.child` does.
"""

from __future__ import annotations

import gc
import socket
import sys
from typing import Any

from paragone.workers.channel import Channel, ChannelClosedError, Message
from paragone.workers.child import _answer, die_with
from paragone.workers.operations import Session


class Seat:
    """The place of the side that is worked on."""

    def __init__(self, spec: dict[str, Any], spawned_ns: int):
        self._spawned_ns = spawned_ns
        self._session = Session(spec, spawned_ns)

    def serve(self, op: str, arguments: Message) -> Message:
        """Do one operation on the side, or take the next side."""
        if op != "begin":
            return self._session.serve(op, arguments)
        framework = sys.modules.get("keras")
        if framework is not None:
            framework.backend.clear_session()
        self._session = Session(arguments["spec"], self._spawned_ns)
        gc.collect()
        return {}


def main() -> None:
    """Serve until the line closes."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    hello = channel.receive()
    die_with(int(hello["parent_pid"]))
    seat = Seat(hello["spec"], int(hello["spawned_ns"]))
    while True:
        try:
            message = channel.receive()
        except ChannelClosedError:
            return
        channel.send(_answer(seat, message))


if __name__ == "__main__":
    main()
