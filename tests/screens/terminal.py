"""A terminal for tests and benchmarks: a pty, and a screen that refuses what the app never writes itself."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rich.cells import split_graphemes

__all__ = ["Foreign", "Terminal", "VirtualScreen"]

# what Textual 8.2.8 writes itself: modes, colours, cursor, queries
_OURS: Final = re.compile(
    r"\x1b\]22;[a-z-]*\x07"  # the shape of the mouse pointer
    r"|\x1b\[(?:"
    r"(?P<sgr>[0-9;]*)m"
    r"|(?P<row>\d+);(?P<column>\d+)H"
    r"|\?(?:1049|1000|1002|1003|1004|1006|1015|1016|2004|2026|2048|25|7)[hl]"
    r"|\?(?:2026|2048)\$p"
    r"|[<>]\d*u"
    r"|\?1u"
    r"|(?P<erase>K)"
    r")"
)


Style = tuple[frozenset[str], str, str]
"""Attributes, foreground and background in force."""

PLAIN: Final[Style] = (frozenset(), "", "")


class Foreign(AssertionError):
    """A control character or sequence that the app does not write by itself."""


class VirtualScreen:
    """The cells of a terminal of `width` x `height`, with the styles they are shown in."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.cells = [[" "] * width for _ in range(height)]
        self.styles = [[PLAIN] * width for _ in range(height)]
        self.row = self.column = 0
        self.style = PLAIN
        self._rest = ""

    @property
    def lines(self) -> list[str]:
        """What is seen, line by line."""
        return ["".join(line).rstrip() for line in self.cells]

    @property
    def text(self) -> str:
        """What is seen."""
        return "\n".join(self.lines)

    def feed(self, output: str) -> None:
        """Take what a program wrote; a sequence may be cut at the end. Raises Foreign."""
        output = self._rest + output
        self._rest = ""
        place, end = 0, len(output)
        while place < end:
            char = output[place]
            if char == "\x1b":
                found = _OURS.match(output, place)
                if found is None:
                    if re.fullmatch(r"\x1b(\[[0-9;?<>]*\$?|\](2?2?;?[a-z-]*))?", output[place:]):
                        self._rest = output[place:]
                        return
                    raise Foreign(repr(output[max(0, place - 60) : place + 40]))
                self._obey(found)
                place = found.end()
                continue
            run = re.compile(r"[^\x00-\x1f\x7f-\x9f]+").match(output, place)
            if run is not None:
                self._print(run[0])
                place = run.end()
                continue
            if char not in "\r\n":
                raise Foreign(repr(output[max(0, place - 60) : place + 40]))
            self.row, self.column = min(self.row + 1, self.height - 1), 0
            place += 1

    def _obey(self, found: re.Match[str]) -> None:
        if found["row"] is not None:
            self.row, self.column = int(found["row"]) - 1, int(found["column"]) - 1
        elif found["erase"] is not None:
            background = self.style[2]
            for column in range(self.column, self.width):
                self.cells[self.row][column] = " "
                self.styles[self.row][column] = (frozenset(), "", background)
        elif found["sgr"] is not None:
            self.style = _styled(self.style, found["sgr"].split(";"))

    def _print(self, text: str) -> None:
        for start, stop, width in split_graphemes(text)[0]:
            if self.row >= self.height or (self.column >= self.width and width):
                continue
            cells, styles = self.cells[self.row], self.styles[self.row]
            if not width:  # a mark goes onto what stands before it
                base = next((place for place in range(self.column - 1, -1, -1) if cells[place]), None)
                if base is not None:
                    cells[base] += text[start:stop]
                continue
            cells[self.column], styles[self.column] = text[start:stop], self.style
            for more in range(1, width):
                if self.column + more < self.width:
                    cells[self.column + more], styles[self.column + more] = "", self.style
            self.column += width


class Terminal:
    """A program on a pty of `width` x `height`; what it wrote is in `output`, what is seen on `screen`."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], width: int = 120, height: int = 40
    ) -> None:
        self.started = time.perf_counter()
        self.screen = VirtualScreen(width, height)
        self.output = b""
        self._undecoded = b""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        clean = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self.process = subprocess.Popen(
            command,
            env={**clean, **terminal, **env},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            close_fds=True,
        )
        os.close(slave)
        self._master = master

    def read(self, quiet: float = 0.25, timeout: float = 20.0) -> bytes:
        """What is written until nothing comes for `quiet` seconds."""
        got = b""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            ready, _, _ = select.select([self._master], [], [], quiet)
            if not ready:
                break
            part = self._take()
            if not part:
                break
            got += part
        return got

    def _take(self) -> bytes:
        try:
            part = os.read(self._master, 65536)
        except OSError:  # the program went away
            return b""
        self.output += part
        data = self._undecoded + part
        whole = _whole(data)
        self._undecoded = data[whole:]
        self.screen.feed(data[:whole].decode("utf-8"))
        return part

    def wait_for(self, text: str, timeout: float = 30.0) -> float:
        """Seconds since the start until `text` is seen."""
        self._wait(lambda: text in self.screen.text, f"{text!r} did not come up", timeout)
        return time.perf_counter() - self.started

    def wait_until_gone(self, text: str, timeout: float = 30.0) -> None:
        """Wait until `text` is no longer seen."""
        self._wait(lambda: text not in self.screen.text, f"{text!r} did not go", timeout)

    def _wait(self, reached: Callable[[], bool], otherwise: str, timeout: float) -> None:
        end = time.monotonic() + timeout
        while not reached():
            ready, _, _ = select.select([self._master], [], [], max(0.0, end - time.monotonic()))
            if not ready or not self._take():
                raise AssertionError(f"{otherwise}:\n{self.screen.text}")

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def hang_up(self) -> None:
        """Send what a closed connection sends."""
        os.kill(self.process.pid, signal.SIGHUP)

    def close(self) -> int:
        """End the program; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        os.close(self._master)
        return self.process.wait()

    def wait(self, timeout: float = 10.0) -> int:
        """Wait for the program to end by itself; its exit code."""
        end = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < end:
            self.read(quiet=0.05, timeout=0.2)
        return self.process.wait(0.1)


def _styled(style: Style, codes: list[str]) -> Style:
    attributes, foreground, background = style
    while codes:
        code, *codes = codes
        value = int(code or "0")
        if value in (38, 48):
            size = 4 if codes[0] == "2" else 2
            code, codes = ";".join([code, *codes[:size]]), codes[size:]
        if value == 0:
            attributes, foreground, background = PLAIN
        elif 20 < value < 30:
            attributes -= {"22": {"1", "2"}, "23": {"3"}, "24": {"4"}, "25": {"5"}, "27": {"7"}}[code]
        elif 30 <= value <= 39 or 90 <= value <= 97:
            foreground = "" if value == 39 else code
        elif 40 <= value <= 49 or 100 <= value <= 107:
            background = "" if value == 49 else code
        else:
            attributes |= {code}
    return attributes, foreground, background


def _whole(data: bytes) -> int:
    """How many bytes are whole characters of UTF-8."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return len(data)
        if byte >= 0xC0:
            need = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) if back >= need else len(data) - back
    return len(data)
