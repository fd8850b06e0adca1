"""Syntax: from the text of a rule file to its tables and their places, or to what is wrong with the TOML."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulefile.faults import Fault
from deskterm.rules.rulefile.places import Place, Places, Statement, statements

__all__ = ["read_toml"]

LONGEST: Final = 1_000_000  # characters
DEEPEST: Final = 32  # tables and lists inside each other; parts of a key
_MOST: Final = 20  # mistakes of syntax that are looked for
_SEARCHED: Final = 100_000  # characters of a file in which more than the first is looked for
_WHERE: Final = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"

# what tomllib says, in the words of somebody who writes rules
_MEANINGS: Final = (
    ("Cannot overwrite a value", N_("this key stands here twice")),
    (
        "Cannot (?:declare|mutate)",
        N_("this table stands here twice: write [[...]] for one of several"),
    ),
    ("Invalid value", N_("this is not a value: put text in quotes")),
    ("Expected '=' after a key", N_("an = is missing behind the key")),
    ("Unterminated string|Illegal character '.n'", N_("the quote is never closed")),
    ("Invalid statement|Invalid initial character", N_("no key or table begins like this")),
    (
        "Expected newline or end of document after a statement",
        N_("something stands behind the value: each key has a line of its own"),
    ),
)


def read_toml(text: str) -> tuple[Mapping[str, Any], Places, list[Fault]]:
    """The tables of a rule file, the places in it and what is wrong; with a fault, the tables are empty."""
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST:
        template = N_("the file has %(length)d characters, a rule file has at most %(most)d")
        return {}, Places("", []), [_fault("E101", 1, 0, template, length=len(text), most=LONGEST)]
    found = statements(text)
    deep = next((each for each in found if _is_deep(each)), None)
    if deep is not None:
        return {}, Places(text, []), [_too_deep(text.count("\n", 0, deep.start) + 1)]
    places = Places(text, found)
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as refusal:
        return {}, places, _mistakes(text, places, found, refusal)
    if _depth_exceeds(tables):
        return {}, places, [_too_deep(1)]
    return tables, places, []


def _is_deep(statement: Statement) -> bool:
    return statement.depth > DEEPEST or statement.keys.count(".") > DEEPEST


def _depth_exceeds(tables: Mapping[str, Any]) -> bool:
    """True when tables and lists nest deeper than allowed."""
    level: list[Any] = [tables]
    for _ in range(DEEPEST):
        following: list[Any] = []
        for each in level:
            inner = each.values() if isinstance(each, dict) else each
            following.extend(value for value in inner if isinstance(value, dict | list))
        level = following
        if not level:
            return False
    return True


def _mistakes(text: str, places: Places, found: list[Statement], refusal: Exception) -> list[Fault]:
    """This mistake and those behind it, found by taking the faulty statements away one after another."""
    faults: list[Fault] = []
    rest = text
    while True:
        fault, faulty = _mistake(refusal, places, found)
        faults.append(fault)
        enough = len(faults) == _MOST or len(text) > _SEARCHED
        if enough or faulty is None or faulty.kind != "key":
            return faults
        found = [each for each in found if each is not faulty]
        rest = rest[: faulty.start] + _blank(rest[faulty.start : faulty.end]) + rest[faulty.end :]
        try:
            tomllib.loads(rest)
        except (ValueError, RecursionError) as further:
            refusal = further
        else:
            return faults


def _mistake(refusal: Exception, places: Places, found: list[Statement]) -> tuple[Fault, Statement | None]:
    """What is wrong, and the statement it is wrong with."""
    if isinstance(refusal, RecursionError):
        return _too_deep(1), None
    if not isinstance(refusal, tomllib.TOMLDecodeError):
        return _fault("E102", 1, 0, N_("a number has more digits than any rule needs")), None
    where = re.search(_WHERE, str(refusal))
    reason = str(refusal)[: where.start()] if where else str(refusal)
    at = Place(int(where[1]), int(where[2])) if where and where[1] else Place(places.last_line)
    faulty = _statement_at(at.line, places, found)
    start = places.place(faulty.start) if faulty else at
    if not at.column:
        return _fault(
            "E102", *start, N_("what begins here is never finished: a bracket or quote is open")
        ), faulty
    if reason.startswith("Cannot"):
        at = start
    meaning = next((words for pattern, words in _MEANINGS if re.match(pattern, reason)), "")
    if meaning:
        return _fault("E102", *at, meaning), faulty
    return _fault("E102", *at, N_("this is not TOML: %(reason)s"), reason=reason[:200]), faulty


def _statement_at(line: int, places: Places, found: list[Statement]) -> Statement | None:
    """The last statement that begins on the line or above it."""
    above = [each for each in found if places.place(each.start).line <= line]
    return above[-1] if above else None


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _too_deep(line: int) -> Fault:
    template = N_("tables or lists stand more than %(most)d levels inside each other")
    return _fault("E101", line, 0, template, most=DEEPEST)


def _fault(code: str, line: int, column: int, template: str, **values: object) -> Fault:
    return Fault(code, line, column, Problem(code, template, "usage", (), "", 0, **values))
