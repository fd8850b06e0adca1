"""Rows: what is read from an export, whatever form it has."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from deskterm.desk.importing.faults import BadRow
from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem

__all__ = ["Bad", "Row", "undecoded"]

_UNDECODED: Final = re.compile("[\udc80-\udcff]")


@frozen
class Row:
    """A row: the number of its first line and the values of the columns that were asked for."""

    line: int
    values: Sequence[str]
    whole: Callable[[], Any]


@frozen
class Bad:
    """A row that could not be read, and why."""

    line: int
    problem: Problem
    whole: Any


def undecoded(text: str) -> BadRow | None:
    """What is wrong with a text some of whose bytes are none of its encoding."""
    if text.isascii() or not (found := _UNDECODED.search(text)):
        return None
    sentence = N_("the byte %(byte)s is wrong in this encoding: name the right one in [file].")
    return BadRow(sentence, byte=f"0x{ord(found[0]) - 0xDC00:02x}")
