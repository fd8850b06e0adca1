"""Ledger: what a decision does to the work of agents, whose turn it was, and the keys it takes for good."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, update

from deskterm.rules.changes import Claim, Decision
from deskterm.store.tables import agents, firings, group_members, groups

__all__ = ["settle"]

_LOAD: Final = (
    update(agents).where(agents.c.id == bindparam("agent")).values(load=agents.c.load + bindparam("more"))
)
_TURN: Final = (
    update(groups)
    .where(groups.c.id == bindparam("number"))
    .values(turn=groups.c.turn + 1)
    .returning(groups.c.turn)
)
_MINE: Final = update(group_members).where(
    (group_members.c.group_id == bindparam("number")) & (group_members.c.agent_id == bindparam("agent"))
)
_CLAIM: Final = insert(firings)


def settle(connection: Connection, decided: Iterable[tuple[Decision, int | None, int]], worker: str) -> None:
    """Write all of decisions, each with its ticket and its instant.

    A key that somebody else took meanwhile raises IntegrityError: look again.
    """
    loads: dict[int, int] = {}
    claims: list[dict[str, Any]] = []
    for decision, ticket, now in decided:
        for agent, more in decision.loads.items():
            loads[agent] = loads.get(agent, 0) + more
        if decision.turn is not None:
            _next_turn(connection, *decision.turn)
        claims += [_row(claim, ticket, now, worker) for claim in decision.claims]
    if loads:  # in one order, or two writers could wait for each other
        connection.execute(_LOAD, [{"agent": agent, "more": more} for agent, more in sorted(loads.items())])
    if claims:
        connection.execute(_CLAIM, claims)


def _row(claim: Claim, ticket: int | None, now: int, worker: str) -> dict[str, Any]:
    return {
        "key": claim.key,
        "ticket_id": ticket,
        "rule": claim.rule,
        "nominal_at": claim.nominal_at,
        "fired_at": now,
        "worker": worker,
        "rev": int(claim.rule.rpartition("@")[2] or 0) if "@" in claim.rule else 0,
        "outcome": claim.outcome,
    }


def _next_turn(connection: Connection, group: int | None, agent: int) -> None:
    if group is None:
        return
    turn = connection.execute(_TURN, {"number": group}).scalar_one()
    connection.execute(_MINE.values(turn=turn), {"number": group, "agent": agent})
