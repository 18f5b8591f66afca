"""Serves the operations of many sides of one framework in this process: `python -m tests.prove.align.child FD`."""

from __future__ import annotations

import socket
import sys
import traceback
from typing import Any

from paragone.errors import InputError
from paragone.workers.channel import Channel, ChannelClosedError
from paragone.workers.operations import Session


def answer(sessions: dict[str, Session], message: dict[str, Any]) -> dict[str, Any]:
    file = str(message["spec"]["file"])
    session = sessions.setdefault(file, Session(message["spec"], 0))
    try:
        return {"result": session.serve(str(message["op"]), dict(message["arguments"]))}
    except InputError as error:
        return {"failure": str(error)}
    except Exception:
        return {"failure": traceback.format_exc()}


def main() -> None:
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    sessions: dict[str, Session] = {}
    while True:
        try:
            message = channel.receive()
        except ChannelClosedError:
            return
        channel.send(answer(sessions, message))


if __name__ == "__main__":
    main()
