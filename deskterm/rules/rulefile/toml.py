"""TOML as it is written: one statement to a line, so that two revisions can be compared by their lines."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

__all__ = ["write"]

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write(table: Mapping[str, Any]) -> str:
    """The text of a table whose values are texts, numbers, flags, dates, lists and tables."""
    return "\n".join(_lines(table, "")) + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    """Single values first, for whatever follows a header belongs to it."""
    for key, value in table.items():
        if not _is_nested(value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        header = f"{path}{_key(key)}"
        if isinstance(value, Mapping):
            if not value or not all(map(_is_nested, value.values())):
                yield from ("", f"[{header}]")
            yield from _lines(value, f"{header}.")
        elif _is_nested(value):
            for each in value:
                yield from ("", f"[[{header}]]", *_entry(each, header))


def _entry(table: Mapping[str, Any], path: str) -> Iterator[str]:
    """One of several tables: its own tables stay on their line, lists of levels and stages follow."""
    for key, value in table.items():
        if key == "target" and any(isinstance(each, Mapping) for each in value.values()):
            for name, each in value.items():
                yield f"{_key(key)}.{_key(name)} = {_value(each)}"
        elif not _follows(key, value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if _follows(key, value):
            for each in value:
                yield from ("", f"[[{path}.{_key(key)}]]", *_entry(each, f"{path}.{_key(key)}"))


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping) or (_is_list(value) and bool(value) and _all_tables(value))


def _follows(key: str, value: object) -> bool:
    return key in ("level", "stage") and _is_nested(value)


def _all_tables(value: Any) -> bool:
    return all(isinstance(each, Mapping) for each in value)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case Mapping():
            inside = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case int() | float():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
    raise TypeError(value)


def _text(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"
