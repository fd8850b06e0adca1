"""Places: the line and column of every key of a TOML text, which `tomllib` does not tell.

One pass in linear time over statements; what stands inside a value has the place of its statement. Text that
is not TOML gives places that mean little, never an error.
"""

import re
from bisect import bisect_left
from typing import Final, NamedTuple

__all__ = ["Path", "Place", "Places", "Statement", "statements"]

Path = tuple[str | int, ...]
"""Keys from the top of the file, and the number of the entry (from 0) after the name of a [[table]]."""

_SIMPLE = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")
_KEY: Final = re.compile(rf"{_SIMPLE}(?:[ \t]*+\.[ \t]*+{_SIMPLE})*+")
_PART: Final = re.compile(_SIMPLE)
_EQUALS: Final = re.compile(r"[ \t]*+=[ \t]*+")
_HEADER: Final = re.compile(rf"\[(\[)?[ \t]*+({_KEY.pattern})[ \t]*+\](?(1)\])")
_VALUE: Final = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"""(?:""|"|)'
    r"|'''(?:[^']|'(?!''))*+'''(?:''|'|)"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|#[^\n]*+"
    r"|[\[\]{}\n]"
    r"""|[^"'#\[\]{}\n]++"""
    r"|[\s\S]"
)
_BETWEEN: Final = re.compile("[,=]")
_STEP: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


class Place(NamedTuple):
    """A line and a column, both from 1; column 0 where only the line is known."""

    line: int
    column: int = 0


class Statement(NamedTuple):
    """A header or a key: where it and its value start, where it ends, its keys as they are written.

    `kind` is "table" for [x], "entry" for [[x]], "key" for x = ..., "noise" for what is none of them;
    `depth` is how deep brackets nest in the value, or how many dots a key in there has.
    """

    kind: str
    start: int
    end: int
    value: int
    keys: str = ""
    depth: int = 0


def statements(text: str) -> list[Statement]:
    """The statements of a TOML text in their order."""
    found = []
    place, end = _skip(text, 0), len(text)
    while place < end:
        statement = _header(text, place) if text[place] == "[" else _assignment(text, place)
        found.append(statement)
        place = _skip(text, statement.end)
    return found


def parts(keys: str) -> tuple[str, ...]:
    """The parts of a dotted key, each as it means."""
    if '"' not in keys and "'" not in keys:
        return tuple(part.strip(" \t") for part in keys.split("."))
    return tuple(_plain(part) for part in _PART.findall(keys))


class Places:
    """Where the keys of `text` stand."""

    def __init__(self, text: str, found: list[Statement] | None = None) -> None:
        self.text = text
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.starts: dict[Path, int] = {}
        self.values: dict[Path, int] = {}
        counts: dict[Path, int] = {}
        table: Path = ()
        for statement in statements(text) if found is None else found:
            match statement.kind:
                case "table" | "entry":
                    table = _resolved(parts(statement.keys), counts, statement.kind == "entry")
                    self.starts.setdefault(table, statement.start)
                case "key":
                    path = (*table, *parts(statement.keys))
                    self.starts.setdefault(path, statement.start)
                    self.values.setdefault(path, statement.value)

    @property
    def last_line(self) -> int:
        """The number of the last line."""
        return len(self.newlines) + 1

    def place(self, offset: int) -> Place:
        """The place of a character."""
        row = bisect_left(self.newlines, offset)
        return Place(row + 1, offset - (self.newlines[row - 1] if row else -1))

    def line(self, path: Path) -> int:
        """The line of the statement that says what is at `path`; of the nearest table around it; else 1."""
        for length in range(len(path), 0, -1):
            start = self.starts.get(path[:length])
            if start is not None:
                return bisect_left(self.newlines, start) + 1
        return 1

    def of(self, path: Path) -> Place:
        """The place of the value at `path`; the line only, where it has no statement to itself."""
        value = self.values.get(path)
        return Place(self.line(path)) if value is None else self.place(value)


def _skip(text: str, place: int) -> int:
    """Behind blanks, newlines and comments."""
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _header(text: str, place: int) -> Statement:
    match = _HEADER.match(text, place)
    if match is None:
        return Statement("noise", place, _line_end(text, place), place)
    return Statement("entry" if match[1] else "table", place, match.end(), match.end(), match[2])


def _assignment(text: str, place: int) -> Statement:
    key = _KEY.match(text, place)
    equals = _EQUALS.match(text, key.end()) if key else None
    if key is None or equals is None:
        return Statement("noise", place, max(place + 1, _line_end(text, place)), place)
    end, deepest = _value_end(text, equals.end())
    return Statement("key", place, end, equals.end(), key[0], deepest)


def _value_end(text: str, place: int) -> tuple[int, int]:
    """Behind the value, where its line ends outside of all brackets; and how deep those went."""
    depth = deepest = dots = 0
    for token in _VALUE.finditer(text, place):
        first = token[0]
        if first == "\n" and depth <= 0:
            return token.start(), deepest
        if first in _STEP:
            depth += _STEP[first]
            deepest, dots = max(deepest, depth), 0
        elif "." in first and first[0] not in "\"'#":
            pieces = [each.count(".") for each in _BETWEEN.split(first)]
            pieces[0] += dots
            deepest, dots = max(deepest, *pieces), pieces[-1]
    return len(text), deepest


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _plain(part: str) -> str:
    if part[0] not in "\"'":
        return part
    if part[0] == "'" or "\\" not in part:
        return part[1:-1]
    import tomllib

    try:
        return str(tomllib.loads(f"k = {part}")["k"])
    except tomllib.TOMLDecodeError:
        return part[1:-1]


def _resolved(names: tuple[str, ...], counts: dict[Path, int], entry: bool) -> Path:
    """The path of a header: a name of [[tables]] on the way means the last entry so far."""
    path: Path = ()
    for place, name in enumerate(names, 1):
        path = (*path, name)
        if entry and place == len(names):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path
