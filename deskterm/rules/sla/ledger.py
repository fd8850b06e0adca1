"""Ledger: the stretches of a cycle, split where the calendar opens and closes: people check the sum."""

from collections.abc import Iterable, Iterator

from deskterm.rules.sla.clock import Span
from deskterm.rules.sla.report import Segment

__all__ = ["STRETCHES", "segments"]

STRETCHES = 60
"""So many lines of one stretch of equal terms are told apart; more become one."""


def segments(log: Iterable[Span]) -> tuple[Segment, ...]:
    """The lines of a ledger, oldest first; what they count adds up to the elapsed time of the cycle."""
    return tuple(line for span in log for line in _lines(span))


def _lines(span: Span) -> list[Segment]:
    begin, end, kind, counted, seq, calendar, priority, owner, rev = span
    if kind == "over":
        return [Segment(begin, end, "closed", 0, 0, seq, priority, owner, rev)]
    if kind == "paused":
        saved = calendar.elapsed(begin, end)
        return [Segment(begin, end, kind, 0, saved, seq, priority, owner, rev)]
    if kind == "carried":
        return [Segment(begin, end, kind, counted, 0, seq, priority, owner, rev)]
    split: list[Segment] = []
    for start, stop, is_open in _hours(span):
        seconds = stop - start if is_open else 0
        name = "running" if is_open else "closed"
        split.append(Segment(start, stop, name, seconds, seconds, seq, priority, owner, rev))
        if len(split) > STRETCHES:
            return [_collapsed(span)]
    return split


def _hours(span: Span) -> Iterator[tuple[int, int, bool]]:
    """Begin, end and whether it is open, without a hole from the beginning of the span to its end."""
    at, end, calendar = span[0], span[1], span[5]
    for start, stop in calendar.stretches(at, end):
        if at < start:
            yield at, start, False
        yield start, stop, True
        at = stop
    if at < end:
        yield at, end, False


def _collapsed(span: Span) -> Segment:
    begin, end, kind, counted, seq, _calendar, priority, owner, rev = span
    stretches = sum(1 for _ in _hours(span))
    return Segment(begin, end, kind, counted, counted, seq, priority, owner, rev, stretches)
