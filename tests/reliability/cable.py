"""A cable between a desk and its Postgres that is cut at a chosen moment."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

__all__ = ["AFTER", "BEFORE", "Cable", "cable"]

BEFORE: Final = "before the server has it"
AFTER: Final = "before the answer is here"

_UNFINISHED: Final = (b"P", b"B", b"D", b"E", b"C", b"H")
_BEFORE_STARTUP: Final = tuple(code.to_bytes(4, "big") for code in (80877103, 80877104))


class Cable:
    """Carries everything there and back; `url` is the server's through this cable."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._server = (place.hostname or "", place.port or 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = place._replace(netloc=f"{place.username}@127.0.0.1:{port}").geturl()
        self._left = 0
        self._how = ""
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def cut(self, message: int, how: str) -> None:
        """Cut at the n-th message from now on (1 is the next one): BEFORE or AFTER the server has it."""
        self._left, self._how = message, how

    def close(self) -> None:
        """Put it away; whoever used it has hung up."""
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # put away
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(self._server)
                muted = threading.Event()
                for work in (
                    threading.Thread(target=self._ask, args=(here, there, muted)),
                    threading.Thread(target=self._answer, args=(here, there, muted)),
                ):
                    work.start()
                    self._threads.append(work)

    def _ask(self, here: socket.socket, there: socket.socket, muted: threading.Event) -> None:
        with there, suppress(OSError):
            for message in _messages(here):
                self._left -= 1
                if self._left == 0 and self._how == BEFORE:
                    break
                if self._left == 0:
                    muted.set()
                there.sendall(message)
            _end(here)
            _end(there)

    def _answer(self, here: socket.socket, there: socket.socket, muted: threading.Event) -> None:
        with here, suppress(OSError):
            while (message := there.recv(65536)) and not muted.is_set():
                here.sendall(message)
            _end(there)
            _end(here)


def _messages(side: socket.socket) -> Iterator[bytes]:
    """What a client sends, request by request: the network joins and parts it as it likes.

    A request ends with the first of its messages that asks for an answer (PostgreSQL, Message Formats); the
    first ones of a connection have no letter in front.
    """
    waiting, begun, place = b"", False, 0
    while part := side.recv(65536):
        waiting += part
        while len(waiting) >= place + begun + 4:
            letter = waiting[place : place + begun]
            head = place + begun
            end = head + int.from_bytes(waiting[head : head + 4], "big")
            if len(waiting) < end:
                break
            place = end
            if begun and letter in _UNFINISHED:
                continue
            begun = begun or waiting[head + 4 : head + 8] not in _BEFORE_STARTUP
            yield waiting[:end]
            waiting, place = waiting[end:], 0


def _end(side: socket.socket) -> None:
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)


@contextmanager
def cable(url: str) -> Iterator[Cable]:
    """A cable to the server of `url`."""
    made = Cable(url)
    try:
        yield made
    finally:
        made.close()
