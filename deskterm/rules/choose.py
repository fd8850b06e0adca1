"""Choosing: who gets a ticket. Filters in a fixed order, a reason for everybody who fails, one total order.

Whoever is out of office is represented by his substitute, also by one from outside the group; the substitute
has to pass every other filter himself, and where he is out of office too his own substitute is asked.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import lcm
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.rules.facts import EMPTY, Agent, Book, Group, Standing
from deskterm.rules.rulebook import Assign, Capacity

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar

__all__ = ["REASONS", "RELAXABLE", "Candidate", "Choice", "Work", "anybody_for", "choose"]

REASONS: Final = (
    *("group", "role", "requester", "excluded", "out", "offline", "away", "shift", "skills", "capacity"),
)
"""Why somebody cannot have a ticket, in the order in which it is looked at."""

RELAXABLE: Final = ("away", "skills", "shift", "capacity")
"""The filters that a route may lift; all others always hold."""

_NOBODY: Final = Standing()


class Candidate(NamedTuple):
    """An agent at the table: the first filter he failed with what was found there, or how he ranks.

    `reason` is one of REASONS ("" for whoever passed at once), `keys` the (name, value) pairs he was
    compared by if he passed in the end: sticky and prefer (0 is better), skill, share (of his capacity; what
    he carries where nobody has any), turn (0: none yet).
    """

    login: str
    reason: str = ""
    detail: str = ""
    keys: tuple[tuple[str, int | str], ...] = ()


class Choice(NamedTuple):
    """Who gets it (None: nobody fits), the filters lifted for that, and everybody who was looked at.

    `waits` is true when it was not looked for anybody, for others of the group wait already.
    """

    agent: int | None = None
    relaxed: tuple[str, ...] = ()
    table: tuple[Candidate, ...] = ()
    waits: bool = False


class Work(NamedTuple):
    """What is to be given away at `now`, to whom not, and how the desk stands.

    `group` None: nobody has to be a member. `requester` is the agent whom the ticket is for, `excluded` who
    gave it back, `sticky` who last solved something for this requester. `standing` is by agent id.
    """

    group: Group | None
    now: int
    weight: int = 1
    requester: int | None = None
    excluded: Collection[int] = ()
    sticky: int | None = None
    standing: Mapping[int, Standing] = EMPTY
    calendars: "Mapping[str, Calendar]" = EMPTY
    capacity: Capacity = Capacity()

    def cap(self, agent: Agent) -> int:
        """The weight of work the agent may have; 0: any."""
        return agent.capacity or self.capacity.cap

    def load(self, agent: Agent) -> int:
        """The weight of work he has."""
        return self.standing.get(agent.id, _NOBODY).load

    def turn(self, agent: Agent) -> int:
        """The number of the group's assignment that he got last."""
        turns = self.standing.get(agent.id, _NOBODY).turns
        return turns.get(self.group.id if self.group else 0, 0)


class _Seat(NamedTuple):
    agent: Agent
    stands_in: bool = False


class _Failure(NamedTuple):
    reason: str
    detail: str = ""


class _Rank(NamedTuple):
    order: tuple[int, ...]
    told: tuple[tuple[str, int | str], ...]


def choose(assign: Assign, agents: Iterable[Agent], work: Work) -> Choice:
    """Who of `agents` (all of the desk, in any order) gets the work by the way of `assign`.

    The filters of `assign.relax` are lifted one after another, none put back, until somebody fits.
    """
    if assign.by == "none":
        return Choice()
    seats = tuple(_seats(assign, {each.login: each for each in agents}, work))
    failed = {seat.agent.id: tuple(_failures(seat, assign, work)) for seat in seats}
    fit: list[Agent] = []
    lifted: tuple[str, ...] = ()
    for step in (None, *assign.relax):
        lifted = lifted if step is None else (*lifted, step)
        fit = [seat.agent for seat in seats if _passes(failed[seat.agent.id], lifted)]
        if fit:
            break
    ranked = _ranked(assign, fit, work)
    chosen = min(ranked, key=lambda number: ranked[number].order, default=None)
    return Choice(chosen, lifted if fit else (), tuple(_table(seats, failed, ranked)))


def anybody_for(
    route: str, weight: int, book: Book, group: int, standing: Mapping[int, Standing], now: int
) -> bool:
    """Whether a ticket of that weight, which waits in the group (its id) by that route, could find somebody.

    Who asked for it and who gave it back is not looked at: where this is false, no such ticket finds anybody.
    One whose route is gone is for its next look to send elsewhere.
    """
    rules, team = book.rules, book.groups.get(group)
    if rules is None or team is None:
        return False
    found = next((each for each in rules.routes if each.id == route), None)
    if found is None:
        return True
    work = Work(team, now, weight, standing=standing, calendars=rules.calendars, capacity=rules.capacity)
    return choose(found.assign, book.agents.values(), work).agent is not None


def _table(
    seats: Iterable[_Seat], failed: Mapping[int, tuple[_Failure, ...]], ranked: Mapping[int, _Rank]
) -> Iterator[Candidate]:
    """Everybody who was looked at, by id, with the reason of the first pass and the keys of the last."""
    for agent in sorted((seat.agent for seat in seats), key=lambda each: each.id):
        reason, detail = failed[agent.id][0] if failed[agent.id] else ("", "")
        yield Candidate(agent.login, reason, detail, ranked[agent.id].told if agent.id in ranked else ())


def _seats(assign: Assign, logins: Mapping[str, Agent], work: Work) -> Iterator[_Seat]:
    """Who is looked at: the members, or the one person; whoever stands in for them; the sticky one."""
    seated: set[int] = set()
    for agent in logins.values():
        if assign.by == "person":
            wanted = agent.login == assign.person
        else:
            wanted = work.group is None or agent.id in work.group.members or agent.id == work.sticky
        if wanted:
            seated.add(agent.id)
            yield _Seat(agent)
    for agent in [each for each in logins.values() if each.id in seated]:
        if work.group is None or agent.id in work.group.members:
            other = _substitute(agent, logins, work.now)
            if other is not None and other.id not in seated:
                seated.add(other.id)
                yield _Seat(other, stands_in=True)


def _substitute(agent: Agent, logins: Mapping[str, Agent], now: int) -> Agent | None:
    """The first in the chain of substitutes who is there himself; None when there is none."""
    met = {agent.login}
    while _is_out(agent, now):
        other = logins.get(agent.substitute)
        if other is None or other.login in met:
            return None
        met.add(other.login)
        agent = other
    return agent if len(met) > 1 else None


def _is_out(agent: Agent, now: int) -> bool:
    """Whether he is out of office; without a last day until he says otherwise."""
    if agent.out_from is None or now < agent.out_from:
        return False
    return agent.out_until is None or now < agent.out_until


def _failures(seat: _Seat, assign: Assign, work: Work) -> Iterator[_Failure]:
    """Every filter that the agent fails, in order, with what was found."""
    agent, group = seat.agent, work.group
    if group is not None and agent.id not in group.members and not seat.stands_in:
        yield _Failure("group", group.name)
    if not agent.active or agent.role == "light":
        yield _Failure("role", agent.role if agent.active else "")
    if agent.id == work.requester:
        yield _Failure("requester")
    if agent.id in work.excluded:
        yield _Failure("excluded")
    if _is_out(agent, work.now):
        yield _Failure("out", agent.substitute)
    if agent.presence in ("offline", "away"):
        yield _Failure(agent.presence)
    if agent.shift and not (agent.shift in work.calendars and work.calendars[agent.shift].is_open(work.now)):
        yield _Failure("shift", agent.shift)
    lacking = [name for name, level in sorted(assign.need.items()) if agent.skills.get(name, 0) < level]
    if lacking:
        yield _Failure("skills", f"{lacking[0]} {agent.skills.get(lacking[0], 0)}/{assign.need[lacking[0]]}")
    cap, load = work.cap(agent), work.load(agent)
    if cap and load + work.weight > cap:
        yield _Failure("capacity", f"{load}/{cap}")


def _passes(failed: tuple[_Failure, ...], lifted: Collection[str]) -> bool:
    return all(each.reason in lifted and each.reason in RELAXABLE for each in failed)


def _ranked(assign: Assign, fit: Sequence[Agent], work: Work) -> Mapping[int, _Rank]:
    """How everybody who fits compares, the least first; the agent's id makes the order total.

    Shares of capacity are compared exactly, as parts of a common capacity. Without a limit of his own an
    agent has as much room as the widest of those he is compared with.
    """
    widest = max((work.cap(each) for each in fit), default=0)
    common = lcm(*(work.cap(each) or widest or 1 for each in fit))
    return {each.id: _rank(assign, each, work, work.cap(each) or widest, common) for each in fit}


def _rank(assign: Assign, agent: Agent, work: Work, cap: int, common: int) -> _Rank:
    load, turn = work.load(agent), work.turn(agent)
    unmet = sum(agent.skills.get(name, 0) < level for name, level in assign.prefer.items())
    stuck = int(agent.id != work.sticky) if work.sticky is not None else 0
    told: list[tuple[str, int | str]] = [("prefer", unmet)] if assign.prefer else []
    if work.sticky is not None:
        told.insert(0, ("sticky", stuck))
    order: tuple[int, ...] = (stuck, unmet)
    if assign.by == "best_skill":
        skill = sum(agent.skills.get(name, 0) for name in assign.need.keys() | assign.prefer.keys())
        order, told = (*order, -skill), [*told, ("skill", skill)]
    if assign.by in ("best_skill", "least_loaded"):
        order = (*order, load * (common // cap if cap else 1))
        told.append(("share", f"{load}/{cap}" if cap else load))
    return _Rank((*order, turn, agent.id), (*told, ("turn", turn)))
