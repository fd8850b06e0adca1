"""Stretches: the clocks of a ticket as ledgers whose sum is the time that they have counted."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from deskterm.desk.explaining import Explanation
from deskterm.i18n import N_, _, ngettext
from deskterm.rules.clean import cell_width, clean_line
from deskterm.rules.duration import format_duration
from deskterm.rules.rulebook import Act, Level, Ola, Policy, Uc
from deskterm.rules.sla import Cycle, Segment
from deskterm.rules.sla.ahead import ahead
from deskterm.screens.clocks import clock_piece, metric_word
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece, fit

__all__ = ["clock_lines", "exact", "overrun_lines", "position"]

When = Callable[[int], str]
Row = tuple[Piece, ...]

_KINDS: Final = {
    "running": (N_("running"), ""),
    "paused": (N_("paused"), "$quiet"),
    "closed": (N_("not counting"), "$quiet"),
    "carried": (N_("merged in"), ""),
}
_LEAD: Final = 3  # cells in front of what belongs to a clock
_TIME: Final = 11  # cells of a sum: 1234:56:07


def exact(seconds: int) -> str:
    """A length of time to the second: 3:12:05."""
    minutes, rest = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{rest:02}"


def clock_lines(found: Explanation, width: int, glyphs: Glyphs, when: When) -> Iterator[Row]:
    """Every clock: what it is measured by, its stretches, their sum, its levels."""
    report = found.report
    yield ((" ", ""), (_("CLOCKS"), "bold $primary"))
    if report.exempt is not None:
        reason = clean_line(report.exempt)
        told = _("no clock runs any more: %(reason)s") % {"reason": reason}
        yield ((f" {clean_line(told, width - 2)}", "$warning"),)
    cycles = found.clocks
    if not cycles:
        yield ((" ", ""), (_("No clock runs, and none ever did."), ""))
    for place, cycle in enumerate(cycles):
        if place:
            yield ()
        yield from _clock(found, cycle, width, glyphs, when)


def _clock(found: Explanation, cycle: Cycle, width: int, glyphs: Glyphs, when: When) -> Iterator[Row]:
    yield _head(cycle, width, glyphs, when)
    columns = _columns(cycle, when)
    last: Segment | None = None
    for segment in cycle.segments:
        yield _stretch(segment, last, columns, width, glyphs, when)
        last = segment
    if cycle.segments:
        gap = " " * (_LEAD + 2 * columns[0] + 3 + 2 + columns[1] + 1)
        total = sum(each.counted for each in cycle.segments)
        yield ((gap, ""), (f"{exact(total):>{_TIME}}", "bold"), ("  ", ""), (_("sum"), "$quiet"))
    yield from _levels(found, cycle, width, glyphs, when)


def _columns(cycle: Cycle, when: When) -> tuple[int, int]:
    """The widths of an instant and of a kind."""
    moments = {at for each in cycle.segments for at in (each.begin, each.end)}
    kinds = {each.kind for each in cycle.segments} | {"running"}
    return (
        max((cell_width(when(at)) for at in moments), default=0),
        max(cell_width(_(_KINDS[kind][0])) for kind in kinds),
    )


def _stretch(
    segment: Segment, last: Segment | None, columns: tuple[int, int], width: int, glyphs: Glyphs, when: When
) -> Row:
    at, kind = columns
    word, tone = _KINDS[segment.kind]
    begin, end = (fit(when(each), at, glyphs, right=True) for each in (segment.begin, segment.end))
    counted = exact(segment.counted) if segment.counted else glyphs.none
    told = f"{' ' * _LEAD}{begin} {glyphs.none} {end}  {fit(_(word), kind, glyphs)} {counted:>{_TIME}}"
    remark = clean_line(_remark(segment, last, glyphs), max(0, width - cell_width(told) - 3))
    return ((told, tone), (f"  {remark}" if remark else "", "$quiet"))


def _remark(segment: Segment, last: Segment | None, glyphs: Glyphs) -> str:
    """What is different from the stretch before, and what a pause was good for."""
    told = []
    if segment.stretches > 1:
        stretches = ngettext("%d stretch", "%d stretches", segment.stretches)
        told.append(stretches % segment.stretches)
    if segment.kind == "paused" and segment.open:
        told.append(_("saves %s") % exact(segment.open))
    terms = (segment.priority, segment.policy, segment.rev)
    if last is None or terms != (last.priority, last.policy, last.rev):
        policy = f"{segment.policy}@{segment.rev}" if segment.policy and segment.rev else segment.policy
        told += [each for each in (segment.priority, policy) if each]
    return f" {glyphs.dot} ".join(told)


def _head(cycle: Cycle, width: int, glyphs: Glyphs, when: When) -> Row:
    name = metric_word(cycle.metric) + (f" {cycle.n}" if cycle.n > 1 else "")
    owner = cycle.policy if cycle.kind == "sla" else f"{cycle.kind.upper()} {cycle.policy}"
    state, tone = _state(cycle, glyphs, when)
    right = f" {glyphs.dot} ".join(
        clean_line(each) for each in (owner, _("calendar %s") % cycle.calendar.id) if each
    )
    left = f" {name}  "
    room = max(0, width - cell_width(left) - cell_width(state) - 3)
    right = clean_line(right, room)
    gap = " " * max(1, width - cell_width(left) - cell_width(state) - cell_width(right) - 2)
    return ((left, "bold"), (state, tone), (f"{gap}{right}", "$quiet"))


def _state(cycle: Cycle, glyphs: Glyphs, when: When) -> Piece:
    """How it stands in words: of a running one its due, of one that is over the end."""
    told, tone = clock_piece(cycle, glyphs)
    parts = [told.strip()]
    if cycle.outcome == "cancelled":
        parts, tone = [_("no longer counted")], "$quiet"
    elif cycle.stopped is not None:
        parts.append(_("over %s") % when(cycle.stopped))
    elif cycle.due_at is None:
        parts.append(_("paused"))
    else:
        parts.append(_("due %s") % when(cycle.due_at))
    if cycle.manual is not None:
        parts.append(_("promised"))
    if cycle.uncertain:
        parts.append(_("holidays not known that far"))
    return (_("; ").join(parts), tone)


def _levels(found: Explanation, cycle: Cycle, width: int, glyphs: Glyphs, when: When) -> Iterator[Row]:
    """The levels that were passed, then those to come."""
    whose = "sla" if cycle.kind == "sla" else f"{cycle.kind}/{cycle.policy}"
    clock = f"{whose}/{cycle.metric}/{cycle.start_seq}/"
    for each in found.report.crossings:
        if not each.key.startswith(clock):
            continue
        sign: Piece = (glyphs.warning, "$warning") if each.level.warns else (glyphs.overdue, "$error")
        yield _level(sign, each.level, _("passed %s") % when(each.nominal_at), width)
    for coming in ahead(cycle, _levels_of(found, cycle), found.at):
        told = _("paused") if coming.at is None else _("to come %s") % when(coming.at)
        yield _level((" ", ""), coming.level, told, width)


def _level(sign: Piece, level: Level, told: str, width: int) -> Row:
    lead = f" {clean_line(level.id, 20)} {position(level)}  {told}"
    deeds = clean_line("; ".join(_deed(each) for each in level.do), max(0, width - cell_width(lead) - 8))
    return ((f"{' ' * _LEAD}{sign[0]}", sign[1]), (lead, ""), (f"  {deeds}" if deeds else "", "$quiet"))


def position(level: Level) -> str:
    """Where a level lies, as a rule file writes it: 75%, breach, +4h, +2h wall."""
    if level.basis == "percent":
        return f"{level.amount}%"
    if level.basis == "offset" and not level.amount:
        return "breach"
    sign = "-" if level.amount < 0 else "+"
    return f"{sign}{format_duration(abs(level.amount))}{' wall' if level.basis == 'wall' else ''}"


def _deed(act: Act) -> str:
    """An act as a rule file writes it."""
    value = act.value
    if isinstance(value, Mapping):
        return f"{act.verb} " + ", ".join(f"{name} {each}" for name, each in value.items())
    return f"{act.verb} " + (", ".join(map(str, value)) if isinstance(value, tuple) else str(value))


def _levels_of(found: Explanation, cycle: Cycle) -> tuple[Level, ...]:
    """The levels that the rules in force have for a clock; of an older revision they are not at hand."""
    rules = found.rules
    if cycle.rev != rules.rev:
        return ()
    every: dict[str, tuple[Policy | Ola | Uc, ...]] = {
        "sla": rules.policies,
        "ola": rules.olas,
        "uc": rules.ucs,
    }
    return next((each.levels for each in every[cycle.kind] if each.id == cycle.policy), ())


def overrun_lines(found: Explanation, width: int, glyphs: Glyphs) -> Iterator[Row]:
    """Who had the ticket while its clocks ran over."""
    shares = found.report.attribution
    if not shares:
        return
    yield ((" ", ""), (_("WHO HAD IT WHILE IT RAN OVER"), "bold $primary"))
    for share in shares:
        clock = metric_word(share.metric) + (f" {share.n}" if share.n > 1 else "")
        who = _("vendor %s") if share.kind == "uc" else _("group %s")
        lead = f"{' ' * _LEAD}{fit(exact(share.seconds), _TIME, glyphs, right=True)}  "
        told = clean_line(f"{who % share.name} {glyphs.dot} {clock}", max(0, width - cell_width(lead) - 1))
        yield ((lead, ""), (told, ""))
