"""How the orchestrator and a worker talk: one JSON object a line over a private socket.

A worker's standard output is the user's own: it goes to the log, never into the channel. Arrays do not pass
through here; they travel as safetensors files whose paths do.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any

MAX_MESSAGE_BYTES = 16 * 2**20

Message = dict[str, Any]


class ChannelClosedError(Exception):
    """The other end is gone."""


class ChannelTimeoutError(Exception):
    """No answer in time."""


class Channel:
    """One end of the line."""

    def __init__(self, sock: socket.socket):
        self._sock = sock
        self._buffer = bytearray()

    def send(self, message: Message) -> None:
        """Send one message; raises `ChannelClosedError` if the other end is gone."""
        try:
            self._sock.settimeout(None)  # what an answer was waited for is no limit for a question
            self._sock.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise ChannelClosedError(str(error)) from error

    def receive(self, timeout_s: float | None = None) -> Message:
        """Wait for one message, without spinning."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill(None if deadline is None else deadline - time.monotonic())
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        message = json.loads(line)
        if not isinstance(message, dict):
            raise ChannelClosedError("the other end sent something that is no message")
        return message

    def _fill(self, timeout_s: float | None) -> None:
        try:
            self._sock.settimeout(None if timeout_s is None else max(1e-3, timeout_s))
            chunk = self._sock.recv(1 << 16)
        except TimeoutError:
            raise ChannelTimeoutError from None
        except OSError as error:
            raise ChannelClosedError(str(error)) from error
        if not chunk:
            raise ChannelClosedError("the other end closed the line")
        if len(self._buffer) + len(chunk) > MAX_MESSAGE_BYTES:
            raise ChannelClosedError(f"a message of more than {MAX_MESSAGE_BYTES} bytes")
        self._buffer += chunk

    def close(self) -> None:
        """Hang up; whoever waits for a message is told so."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()
