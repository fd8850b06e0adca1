"""Explanation: a trace as lines to read, in parts that the edge translates, cleans and colours."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from deskterm.rules.choose import Candidate
from deskterm.rules.clauses import INSTANTS, Clause
from deskterm.rules.facts import EMPTY
from deskterm.rules.problems import N_
from deskterm.rules.trace import Chosen, Deed, Settled, Trace, Tried

__all__ = ["Line", "clause_lines", "compared", "lines", "policy_lines", "way_lines"]


class Line(NamedTuple):
    """One line: `mark` is + (holds, fits), - (does not), > (what was done) or "" (a heading).

    The text is `template`, translated, filled with `values`; "actual" is an instant where `instant` is true,
    and "keys" is what `compared` says of `keys`.
    """

    indent: int
    mark: str
    template: str
    values: Mapping[str, str | int] = EMPTY
    instant: bool = False
    keys: tuple[tuple[str, int | str], ...] = ()


_RULES: Final = MappingProxyType(
    {
        "classify": N_("classification %(id)s (%(place)s)"),
        "route": N_("route %(id)s (%(place)s)"),
        "policy": N_("SLA policy %(id)s (%(place)s)"),
    }
)
_LEFT: Final = MappingProxyType(
    {
        "classify": N_("%(count)d other classifications"),
        "route": N_("%(count)d other routes"),
        "policy": N_("%(count)d other SLA policies"),
    }
)
_DEEDS: Final = MappingProxyType(
    {
        "set": N_("%(name)s becomes %(value)s"),
        "same": N_("%(name)s is %(value)s already"),
        "tag": N_("the tag %(value)s is added"),
        "person": N_("%(name)s stays: a person chose it"),
        "submitted": N_("%(name)s stays: it was submitted"),
        "kept": N_("%(name)s stays: it was set by %(value)s"),
        "unknown": N_("%(name)s stays: the desk has no %(value)s"),
        "placed": N_("%(name)s does not become %(value)s: the ticket was put somewhere else"),
        "assigned": N_("%(value)s has it already"),
        "next": N_("the next routes are tried too"),
        "dates": N_("it is not valid at this time"),
        "behind": N_("it was not asked: the one above takes the ticket"),
    }
)
_SETTLED: Final = MappingProxyType(
    {
        "person": N_("priority %(priority)s: a person chose it"),
        "matrix": N_("priority %(priority)s: impact %(impact)s, urgency %(urgency)s"),
        "submitted": N_("priority %(priority)s: as it was"),
        "rule": N_("priority %(priority)s: set by %(source)s"),
    }
)
_PARTS: Final = MappingProxyType({"all": N_("all of"), "any": N_("one of"), "not": N_("not")})
_REASONS: Final = MappingProxyType(
    {
        "group": N_("%(login)s is not in the group %(detail)s"),
        "role": N_("%(login)s cannot be an assignee"),
        "requester": N_("%(login)s is the requester"),
        "excluded": N_("%(login)s gave it back"),
        "out": N_("%(login)s is out of office"),
        "out for": N_("%(login)s is out of office, the substitute is %(detail)s"),
        "offline": N_("%(login)s is offline"),
        "away": N_("%(login)s is away"),
        "shift": N_("%(login)s is off shift (%(detail)s)"),
        "skills": N_("%(login)s lacks a skill (%(detail)s)"),
        "capacity": N_("%(login)s is at capacity (%(detail)s)"),
    }
)


_KEYS: Final = MappingProxyType(
    {
        "sticky": N_("solved something for this requester last"),
        "prefer": N_("has the preferred skills"),
        "prefer less": N_("lacks %(value)s of the preferred skills"),
        "skill": N_("skills add up to %(value)s"),
        "share": N_("carries %(value)s"),
        "share of": N_("carries %(value)s of %(most)s"),
        "turn": N_("last turn in the group: no. %(value)s"),
        "turn none": N_("no turn in the group yet"),
    }
)


def compared(keys: tuple[tuple[str, int | str], ...], translate: Callable[[str], str]) -> str:
    """What somebody who fits was compared by (`Candidate.keys`), in words, through `translate`."""
    told = (_compared(name, str(value)) for name, value in keys)
    return translate(", ").join(translate(_KEYS[name]) % values for name, values in told if name)


def _compared(name: str, value: str) -> tuple[str, Mapping[str, str]]:
    """Which words of _KEYS say it, and their values; "" where there is nothing to say."""
    load, bar, most = value.partition("/")
    match name, value:
        case ("sticky", "1"):
            return "", EMPTY
        case ("prefer", each) if each != "0":
            return "prefer less", {"value": value}
        case ("turn", "0"):
            return "turn none", EMPTY
        case ("share", _) if bar:
            return "share of", {"value": load, "most": most}
    return name if name in _KEYS else "", {"value": value}


def lines(trace: Trace) -> Iterator[Line]:
    """The whole trace: classifications, priority, routes, whoever was looked at, SLA policies."""
    yield from way_lines(trace)
    yield from policy_lines(trace)


def way_lines(trace: Trace) -> Iterator[Line]:
    """How a ticket came to where it is, without its SLA policy."""
    yield from _rules(trace, "classify")
    yield _settled(trace.settled)
    yield from _rules(trace, "route")
    if trace.chosen is not None:
        yield from _chosen(trace.chosen)


def policy_lines(trace: Trace) -> Iterator[Line]:
    """Which SLA policies were tried, and which stand behind the one that takes it."""
    yield from _rules(trace, "policy")


def _rules(trace: Trace, kind: str) -> Iterator[Line]:
    for tried in trace.tried:
        if tried.kind == kind:
            yield from _tried(tried, trace.file)
    if trace.left.get(kind):
        yield Line(0, "-", _LEFT[kind], {"count": trace.left[kind]})


def _tried(tried: Tried, file: str) -> Iterator[Line]:
    place = f"{file}:{tried.line}" if tried.line else file
    yield Line(0, "+" if tried.holds else "-", _RULES[tried.kind], {"id": tried.id, "place": place})
    if tried.clause is not None:
        yield from clause_lines(tried.clause, 1)
    for deed in tried.did:
        yield _deed(deed)


def _deed(deed: Deed) -> Line:
    said = deed.value if deed.verb == "kept" and deed.value in ("person", "submitted") else deed.verb
    return Line(1, ">", _DEEDS[said], {"name": deed.name, "value": deed.value})


def clause_lines(clause: Clause, indent: int = 0) -> Iterator[Line]:
    """A condition, part by part."""
    mark = "+" if clause.holds else "-"
    if clause.kind != "leaf":
        yield Line(indent, mark, _PARTS[clause.kind])
        for part in clause.parts:
            yield from clause_lines(part, indent + 1)
        return
    values: dict[str, str | int] = {"wanted": clause.wanted, "actual": clause.actual}
    yield Line(indent, mark, _leaf(clause), values, clause.field in INSTANTS and clause.actual != "")


def _leaf(clause: Clause) -> str:
    if clause.field in ("text", "message", "subject") and "~" in clause.wanted:
        found = clause.holds is not clause.wanted.startswith("-")
        return N_("%(wanted)s: the words are there") if found else N_("%(wanted)s: the words are not there")
    if clause.actual == "":
        return N_("%(wanted)s: it has no value")
    return N_("%(wanted)s: it is %(actual)s")


def _settled(settled: Settled) -> Line:
    template = _SETTLED.get(settled.source, _SETTLED["rule"])
    return Line(0, "+", template, settled._asdict())


def _chosen(chosen: Chosen) -> Iterator[Line]:
    if chosen.waits:
        yield Line(0, "-", N_("nobody was looked for: other tickets of the group wait already"))
        return
    if chosen.login:
        yield Line(0, "+", N_("assigned to %(login)s"), {"login": chosen.login})
    else:
        yield Line(0, "-", N_("nobody fits: it waits until somebody does"))
    if chosen.relaxed:
        values = {"filters": ", ".join(chosen.relaxed)}
        yield Line(1, ">", N_("left out of account, for nobody fitted: %(filters)s"), values)
    for candidate in chosen.table:
        yield from _candidate(candidate)
    if chosen.more:
        yield Line(1, "", N_("%(count)d more"), {"count": chosen.more})


def _candidate(candidate: Candidate) -> Iterator[Line]:
    reason = "out for" if candidate.reason == "out" and candidate.detail else candidate.reason
    values = {"login": candidate.login, "detail": candidate.detail}
    if reason:
        yield Line(1, "-", _REASONS[reason], values)
    if candidate.keys:
        yield Line(1, "+", N_("%(login)s fits: %(keys)s"), values, keys=candidate.keys)
