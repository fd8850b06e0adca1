"""JSON lines: rows from objects, one on each line; columns are names or paths of names."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TextIO

from deskterm.desk.importing.faults import BadRow
from deskterm.desk.importing.mapping import FileForm
from deskterm.desk.importing.rows import Bad, Row, undecoded
from deskterm.rules.problems import N_

__all__ = ["json_rows", "value_at"]

_LINE_LIMIT: Final = 2**28


def json_rows(text: TextIO, form: FileForm, columns: Sequence[str], _name: str) -> Iterator[Row | Bad]:
    """The rows of `text`, with the values of `columns`; a name that no object has says nothing."""
    paths = [tuple(each.split(".")) for each in columns]
    line = 0
    while found := text.readline(_LINE_LIMIT):
        line += 1
        if not found.strip():
            continue
        try:
            whole = _object(found)
        except BadRow as bad:
            yield Bad(line, bad.problem, found[:1000])
            continue
        values = [value_at(whole, name, path) for name, path in zip(columns, paths, strict=True)]
        yield Row(line, ["" if each in form.null else each for each in values], whole.copy)


def _object(text: str) -> dict[str, Any]:
    if wrong := undecoded(text):
        raise wrong
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRow(N_("this is no JSON: %(reason)s."), reason=str(error)) from error
    if not isinstance(whole, dict):
        raise BadRow(N_("this line is no JSON object."))
    return whole


def value_at(whole: Mapping[str, Any], name: str, path: Sequence[str]) -> str:
    """The value called `name`, or reached by a path of names and places in lists: `to.0.email`."""
    if name in whole:
        return _text(whole[name])
    value: Any = whole
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return ""
    return _text(value)


def _text(value: Any) -> str:
    """A JSON value as a cell holds it: null is "", lists and objects stay JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, separators=(",", ":"))
