"""The section [file] of a mapping: how the export is written."""

from collections.abc import Mapping
from typing import Any, Final

from deskterm.config import zone
from deskterm.desk.importing.faults import fault, unknown
from deskterm.desk.importing.mapping import FileForm
from deskterm.desk.importing.times import PLAIN, readable
from deskterm.rules.problems import N_, Problem

__all__ = ["FORMATS", "KEYS", "file_form"]

FORMATS: Final = ("csv", "jsonl")
KEYS: Final = ("format", "member", "delimiter", "quote", "encoding", "null", "times", "zone")
_LISTS: Final = ("null", "times")


def file_form(values: Mapping[str, Any]) -> tuple[FileForm, list[Problem]]:
    """What `values` say, and every fault in them."""
    faults = [unknown("[file]", name, KEYS) for name in values if name not in KEYS]
    taken: dict[str, Any] = {}
    for name in KEYS:
        if name not in values:
            continue
        value, wrong = _taken(name, values[name])
        if wrong:
            faults.append(wrong)
        else:
            taken[name] = value
    return FileForm(**taken), faults


def _taken(name: str, value: Any) -> tuple[Any, Problem | None]:
    place = f"file.{name}"
    if name in _LISTS:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            return None, fault(place, N_("%(place)s: write a text, or a list of texts."))
        if name == "null":
            return frozenset(texts), None
        return tuple(texts), _wrong_times(place, texts)
    if not isinstance(value, str):
        return None, fault(place, N_("%(place)s: write a text in quotes."))
    return value, _wrong_text(name, place, value)


def _wrong_times(place: str, patterns: list[str]) -> Problem | None:
    wrong = next((each for each in patterns if not readable(each)), None)
    if wrong is None and patterns:
        return None
    sentence = N_('%(place)s: "%(name)s" is no form of a time; write %(known)s or one like %(example)s.')
    return fault(place, sentence, name=wrong or "", known=", ".join(PLAIN), example="%d/%m/%Y %H:%M")


def _wrong_text(name: str, place: str, value: str) -> Problem | None:
    if name == "format" and value not in FORMATS:
        return unknown(place, value, FORMATS)
    if name in ("delimiter", "quote") and (len(value) != 1 or value in "\r\n\0"):
        return fault(place, N_("%(place)s: write one character."))
    if name == "encoding":
        try:
            "".encode(value)
        except (LookupError, ValueError):
            return fault(place, N_('%(place)s: no encoding is called "%(name)s".'), name=value)
    if name == "zone":
        try:
            zone(value or "UTC")
        except Problem as problem:
            return fault(place, N_("%(place)s: %(reason)s"), reason=problem)
    return None
