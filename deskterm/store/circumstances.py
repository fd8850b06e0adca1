"""Circumstances: what only rules ask about a ticket: its words, its home, who could take it, what fired."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from deskterm.rules.actions import Action
from deskterm.rules.facts import SYSTEM, Book, Facts, Organization, Standing, Ticket
from deskterm.store.tables import agents, firings, group_members, organizations, ticket_texts, tickets

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook

__all__ = ["fired_for", "of_upkeep", "standing", "with_circumstances"]

_KEY: Final[BindParameter[Any]] = bindparam("key")
_FIRED: Final = select(firings.c.key).where(firings.c.ticket_id == _KEY)
_WORDS: Final = select(ticket_texts.c.public_n, ticket_texts.c.internal_n).where(
    ticket_texts.c.ticket_id == _KEY
)
_HOME: Final = select(organizations.c.id, organizations.c.name, organizations.c.tier).where(
    organizations.c.id == _KEY
)
_LOADS: Final = select(agents.c.id, agents.c.load).where(agents.c.active)
_TURNS: Final = select(group_members.c.agent_id, group_members.c.group_id, group_members.c.turn)
_WAITING: Final = select(tickets.c.group_id).where(tickets.c.wants_agent).distinct()
_SOLVED: Final = (
    select(tickets.c.assignee_id, tickets.c.resolved_at)
    .where(
        (tickets.c.requester_id == _KEY)
        & tickets.c.resolved_at.is_not(None)
        & tickets.c.assignee_id.is_not(None)
    )
    .order_by(tickets.c.resolved_at.desc(), tickets.c.id.desc())
    .limit(1)
)


def with_circumstances(connection: Connection, facts: Facts, rules: "RuleBook") -> Facts:
    """`facts` with all that the rules of the desk may ask about them."""
    from deskterm.rules.needs import needs_of

    needs, ticket = needs_of(rules), facts.ticket
    values: dict[str, Any] = {}
    if ticket is not None:
        values["fired"] = fired_for(connection, ticket.id)
        values["organization"] = _home(connection, ticket)
        if needs.words:
            row = connection.execute(_WORDS, {"key": ticket.id}).one_or_none()
            values["words"] = "".join(row) if row else ""
    if needs.standing:
        values["standing"] = standing(connection)
        values["waiting"] = frozenset(connection.execute(_WAITING).scalars())
    if needs.sticky and facts.requester is not None:
        row = connection.execute(_SOLVED, {"key": facts.requester.id}).one_or_none()
        values["solved_by"] = tuple(row) if row else None
    return replace(facts, **values)


def fired_for(connection: Connection, ticket: int) -> frozenset[str]:
    """The keys of everything that the timer has done for a ticket."""
    return frozenset(connection.execute(_FIRED, {"key": ticket}).scalars())


def _home(connection: Connection, ticket: Ticket) -> Organization | None:
    if ticket.organization_id is None:
        return None
    row = connection.execute(_HOME, {"key": ticket.organization_id}).one_or_none()
    return Organization(row.id, row.name, row.tier) if row else None


def standing(connection: Connection) -> Mapping[int, Standing]:
    """How much everybody has, and whose turn it was when, by agent id."""
    turns: dict[int, dict[int, int]] = {}
    for agent, group, turn in connection.execute(_TURNS):
        turns.setdefault(agent, {})[group] = turn
    return {agent: Standing(load, turns.get(agent, {})) for agent, load in connection.execute(_LOADS)}


def of_upkeep(connection: Connection, action: Action, book: Book) -> Facts:
    """What the rules ask before a recurring ticket is opened or another rule file comes into force."""
    from deskterm.rules.upkeep import OpenRecurring

    if not isinstance(action, OpenRecurring):
        used = select(tickets.c.status, func.count()).where(tickets.c.is_open).group_by(tickets.c.status)
        return Facts(taken=dict(connection.execute(used).all()))
    key = f"recur/{action.rule}/{action.nominal_at}"
    known = connection.execute(select(firings.c.key).where(firings.c.key == key)).scalar_one_or_none()
    rule = (
        next((each for each in book.rules.recurring if each.id == action.rule), None) if book.rules else None
    )
    fired = frozenset({known}) if known else frozenset[str]()
    if rule is None:
        return Facts(fired=fired)
    from deskterm.rules.handlers.ticking import as_opening
    from deskterm.store.snapshot import load

    return replace(load(connection, as_opening(rule), SYSTEM, book), fired=fired)
