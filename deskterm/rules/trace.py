"""Trace: why a ticket went where it went; what was tried in which order, kept with the ticket.

`to_json` writes what the event "routed" keeps, in bounded size: names only, never ids.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from deskterm.rules.choose import Candidate, Choice
from deskterm.rules.clauses import Clause, from_json as clause_from_json, to_json as clause_to_json
from deskterm.rules.facts import EMPTY, Book

__all__ = ["LIMIT", "Chosen", "Deed", "Settled", "Trace", "Tried", "from_json", "to_json"]

LIMIT: Final = 4_000  # bytes of a trace
_ROWS: Final = 12  # candidates that are kept
_NAME: Final = 24  # characters of a name in such a trace
_LAST: Final = 6  # rules that are kept of a trace that cannot be cut any other way


class Deed(NamedTuple):
    """What a rule did: `verb` on the field `name` with `value`.

    set, tag: the new value · same: it had that value already · kept: the field stays as `value` set it
    ("person", "submitted" or a because) · unknown: the desk has no such `value` · placed: a person put the
    ticket somewhere else, the route only says where it would go · assigned: somebody has the ticket
    already · next: it goes on with the next route · dates: the policy is not valid at that time · behind: it
    stands behind a policy that takes the ticket.
    """

    verb: str
    name: str = ""
    value: str = ""


class Tried(NamedTuple):
    """A rule that was tried: `kind` is classify, route or policy, `line` where it stands in the file.

    `clause` is the whole condition of one that holds, else the first false part (None: nothing was asked).
    """

    kind: str
    id: str
    line: int
    holds: bool
    clause: Clause | None = None
    did: tuple[Deed, ...] = ()


class Settled(NamedTuple):
    """How the priority came about.

    `source` is person, matrix, submitted (it is as it was) or the because of a rule.
    """

    priority: str = ""
    source: str = ""
    impact: str = ""
    urgency: str = ""


class Chosen(NamedTuple):
    """Who was chosen ("": nobody) and the table; `more` candidates were not written down."""

    login: str = ""
    relaxed: tuple[str, ...] = ()
    waits: bool = False
    table: tuple[Candidate, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, choice: Choice, book: Book) -> "Chosen":
        """The choice in names."""
        agent = book.agents.get(choice.agent) if choice.agent is not None else None
        return cls(agent.login if agent else "", choice.relaxed, choice.waits, choice.table)


class Trace(NamedTuple):
    """What was tried with the rules of `file` in revision `rev`, in order.

    `left` counts, by kind, the rules that did not hold and were not written down.
    """

    file: str = ""
    rev: int = 0
    tried: tuple[Tried, ...] = ()
    settled: Settled = Settled()
    chosen: Chosen | None = None
    left: Mapping[str, int] = EMPTY


def to_json(trace: Trace) -> dict[str, Any]:
    """The trace in JSON values of at most `LIMIT` bytes: what matters least is left out first."""
    trace = _few_candidates(trace, _ROWS)
    for shorter in (_whole, _without_trees, _only_what_holds, _the_last):
        trace = shorter(trace)
        written = _written(trace)
        if _size(written) <= LIMIT:
            return written
    return _written(_bare(trace))


def _size(written: dict[str, Any]) -> int:
    from json import dumps

    return len(dumps(written, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _few_candidates(trace: Trace, count: int) -> Trace:
    """The one who was chosen stays, then others who fitted."""
    chosen = trace.chosen
    if chosen is None or len(chosen.table) <= count:
        return trace
    places = range(len(chosen.table))
    best = sorted(places, key=lambda at: (chosen.table[at].login != chosen.login, not chosen.table[at].keys))
    kept = tuple(chosen.table[at] for at in sorted(best[:count]))
    more = chosen.more + len(chosen.table) - count
    return trace._replace(chosen=chosen._replace(table=kept, more=more))


def _whole(trace: Trace) -> Trace:
    return trace


def _without_trees(trace: Trace) -> Trace:
    """Of a condition that holds it is enough to know that."""
    return trace._replace(
        tried=tuple(each._replace(clause=None) if each.holds else each for each in trace.tried)
    )


def _only_what_holds(trace: Trace) -> Trace:
    return _keeping(trace, tuple(each for each in trace.tried if each.holds))


def _the_last(trace: Trace) -> Trace:
    """The rules that decided come last."""
    return _keeping(trace, trace.tried[-_LAST:])


def _bare(trace: Trace) -> Trace:
    """What is left of one with names of absurd length: the last rules and a few candidates, cut."""
    trace = _few_candidates(trace, 3)
    chosen = trace.chosen
    if chosen is not None:
        rows = (each._replace(login=_cut(each.login), detail=_cut(each.detail)) for each in chosen.table)
        chosen = chosen._replace(login=_cut(chosen.login), table=tuple(rows))
    tried = (each._replace(id=_cut(each.id), clause=None, did=()) for each in trace.tried)
    settled = Settled(*map(_cut, trace.settled))
    return trace._replace(file=_cut(trace.file), tried=tuple(tried), settled=settled, chosen=chosen)


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _keeping(trace: Trace, kept: tuple[Tried, ...]) -> Trace:
    left = dict(trace.left)
    for each in trace.tried:
        if each not in kept:
            left[each.kind] = left.get(each.kind, 0) + 1
    return trace._replace(tried=kept, left=left)


def _written(trace: Trace) -> dict[str, Any]:
    return {
        "file": trace.file,
        "rev": trace.rev,
        "tried": [_tried_to_json(each) for each in trace.tried],
        "priority": list(trace.settled),
        **({"chosen": _chosen_to_json(trace.chosen)} if trace.chosen else {}),
        **({"left": dict(trace.left)} if trace.left else {}),
    }


def _tried_to_json(tried: Tried) -> list[Any]:
    clause = clause_to_json(tried.clause) if tried.clause else None
    return [tried.kind, tried.id, tried.line, int(tried.holds), clause, [list(each) for each in tried.did]]


def _chosen_to_json(chosen: Chosen) -> list[Any]:
    rows = [[*each[:3], [list(pair) for pair in each.keys]] for each in chosen.table]
    return [chosen.login, list(chosen.relaxed), int(chosen.waits), rows, chosen.more]


def from_json(written: Mapping[str, Any]) -> Trace:
    """The trace that `to_json` wrote, without what it left out."""
    chosen = written.get("chosen")
    return Trace(
        written["file"],
        written["rev"],
        tuple(_tried_from_json(each) for each in written["tried"]),
        Settled(*written["priority"]),
        _chosen_from_json(chosen) if chosen else None,
        written.get("left", EMPTY),
    )


def _tried_from_json(value: list[Any]) -> Tried:
    kind, name, line, holds, clause, did = value
    deeds = tuple(Deed(*each) for each in did)
    return Tried(kind, name, line, bool(holds), clause_from_json(clause) if clause else None, deeds)


def _chosen_from_json(value: list[Any]) -> Chosen:
    login, relaxed, waits, rows, more = value
    table = tuple(
        Candidate(name, reason, detail, tuple((key, found) for key, found in keys))
        for name, reason, detail, keys in rows
    )
    return Chosen(login, tuple(relaxed), bool(waits), table, more)
