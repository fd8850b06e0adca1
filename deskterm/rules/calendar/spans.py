"""Spans of a day as they are written: 09:00-12:00, 22:00-06:00, 00:00-24:00."""

import re
from itertools import pairwise
from typing import Final

from deskterm.rules.calendar.definition import Span, Spans
from deskterm.rules.calendar.faults import Faults
from deskterm.rules.problems import N_

__all__ = ["read_spans", "write_span"]

_SPAN: Final = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
_MOST: Final = 48
_NIGHT: Final = 1440


def read_spans(value: object, path: str, faults: Faults) -> Spans:
    """The spans of a day by their start; those that are wrong are told and left out."""
    if not isinstance(value, list | tuple):
        faults.kind(path, '["09:00-12:00", "13:30-18:00"]')
        return ()
    if len(value) > _MOST:
        faults.add("E310", path, N_("%(key)s: more than %(most)s spans on a day."), most=_MOST)
        return ()
    found = sorted(span for each in value if (span := _read(each, path, faults)) is not None)
    for before, after in pairwise(found):
        if after[0] < before[1]:
            template = N_("%(key)s: %(span)s overlaps %(other)s.")
            faults.add("E309", path, template, span=write_span(after), other=write_span(before))
    return tuple(found)


def write_span(span: Span) -> str:
    """A span as `read_spans` reads it."""
    start, end = span
    until = end if end <= _NIGHT else end - _NIGHT
    return f"{start // 60:02}:{start % 60:02}-{until // 60:02}:{until % 60:02}"


def _read(each: object, path: str, faults: Faults) -> Span | None:
    match = _SPAN.fullmatch(each) if isinstance(each, str) else None
    if match is None:
        faults.add("E307", path, N_('%(key)s: "%(word)s" is not a span: write 09:00-17:00.'), word=each)
        return None
    hour, minute, to_hour, to_minute = map(int, match.groups())
    start, end = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or start >= _NIGHT or end > _NIGHT:
        template = N_('%(key)s: "%(word)s" names a time that no clock shows: hours go from 00:00 to 24:00.')
        faults.add("E307", path, template, word=each)
        return None
    if start == end:
        template = N_('%(key)s: "%(word)s" has no length: the whole day is 00:00-24:00.')
        faults.add("E308", path, template, word=each)
        return None
    return (start, end) if end > start else (start, end + _NIGHT)
