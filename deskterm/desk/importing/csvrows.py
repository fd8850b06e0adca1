"""CSV: rows from a table of cells; everything that is wrong with a row is told with its line."""

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, TextIO

from deskterm.desk.importing.faults import BadRow, together, unknown
from deskterm.desk.importing.mapping import FileForm
from deskterm.desk.importing.rows import Bad, Row, undecoded
from deskterm.rules.problems import N_, Problem

__all__ = ["csv_rows"]

# a cell of a mebibyte is a cell; one that swallows the file is a quote that never closes
_CELL_LIMIT: Final = min(2**26, sys.maxsize)


def csv_rows(text: TextIO, form: FileForm, columns: Sequence[str], name: str) -> Iterator[Row | Bad]:
    """The rows of `text`, with the values of `columns`. Raises Problem when one of them is not there."""
    csv.field_size_limit(_CELL_LIMIT)
    reader = csv.reader(text, delimiter=form.delimiter, quotechar=form.quote)
    header = _header(reader, name)
    return _each_csv_row(reader, header, _places(header, columns, name), form.null)


def _header(reader: Any, name: str) -> list[str]:
    header: list[str] = []
    with suppress(StopIteration, csv.Error):
        header = [each.strip() for each in next(reader)]
    if not any(header):
        sentence = N_("%(file)s has no first line with the names of columns.")
        raise Problem("import.header", sentence, kind="usage", file=name)
    return header


def _places(header: list[str], columns: Sequence[str], name: str) -> list[int]:
    """Where the columns stand; a Problem names all that are not there."""
    places = {each: _place(header, each) for each in columns}
    missing = [each for each, place in places.items() if place is None]
    if missing:
        known = tuple(dict.fromkeys(header))
        raise together(name, [unknown("column", each, known) for each in missing])
    return [place for place in places.values() if place is not None]


def _place(header: list[str], column: str) -> int | None:
    """The first of that name; `NAME#2` is the second one."""
    if column in header:
        return header.index(column)
    plain, mark, number = column.rpartition("#")
    if not (mark and number.isascii() and number.isdigit()):
        return None
    found = [place for place, each in enumerate(header) if each == plain]
    return found[int(number) - 1] if 0 < int(number) <= len(found) else None


def _each_csv_row(
    reader: Any, header: list[str], places: list[int], null: frozenset[str]
) -> Iterator[Row | Bad]:
    width = len(header)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Bad(line, BadRow(N_("this is no CSV: %(reason)s."), reason=str(error)).problem, None)
            continue
        if not cells:
            continue
        wrong = _wrong_cells(cells, width)
        if wrong:
            yield Bad(line, wrong.problem, cells)
            continue
        values = ["" if (value := cells[place]) in null else value for place in places]
        yield Row(line, values, partial(_named, header, cells))


def _wrong_cells(cells: list[str], width: int) -> BadRow | None:
    if len(cells) != width:
        return BadRow(
            N_("this row has %(count)d cells, the header has %(width)d."), count=len(cells), width=width
        )
    return undecoded("".join(cells))


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    """The row by column; of columns of one name the later ones get their number."""
    seen: dict[str, int] = {}
    named = {}
    for name, cell in zip(header, cells, strict=True):
        seen[name] = seen.get(name, 0) + 1
        named[name if seen[name] == 1 else f"{name}#{seen[name]}"] = cell
    return named
