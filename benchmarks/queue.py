"""The queue and a ticket, read in process, against Core doing the least that shows the same rows."""

from collections.abc import Callable, Iterator

from sqlalchemy import select, text

from benchmarks.big import big_desk, open_url
from benchmarks.measure import Figure, pair_calls
from deskterm.desk import Desk
from deskterm.rules.facts import Actor
from deskterm.store.tables import tickets

__all__ = ["run"]

_SHOWN = ("id", "subject", "status", "priority", "next_due_at", "created_at", "assignee_id", "requester_id")
_FILTERS = (
    "group:group3 is:open",
    "assignee:agent2 is:open",
    "is:unassigned is:open",
    "priority:P1 is:open",
    "status:open queue:queue2",
    "is:overdue",
    "due<4h is:open",
)


def run(quick: bool) -> Iterator[Figure]:
    """First page, far pages, filters, counts, a ticket's detail."""
    size = 10_000 if quick else 1_000_000
    desk, viewer = open_url(big_desk(size))
    floor = _floor(desk)
    mine, least, ratio = pair_calls(lambda: desk.page("is:open", viewer=viewer), floor)
    yield Figure(
        f"queue page of 50, {size:,} tickets / Core's floor",
        ratio,
        "x",
        6,
        note=f"{mine * 1e3:.2f} ms against {least * 1e3:.2f}",
    )
    for query in ("is:open", "sort:-created"):
        deep = _walk(desk, viewer, query, 400)
        _, _, ratio = pair_calls(
            lambda query=query, deep=deep: desk.page(query, viewer=viewer, after=deep),  # type: ignore[misc]
            lambda query=query: desk.page(query, viewer=viewer),  # type: ignore[misc]
        )
        yield Figure(f"page 400 / page 1 of [{query}]", ratio, "x", 1.2)
    for query in _FILTERS:
        mine, _, _ = pair_calls(lambda query=query: desk.page(query, viewer=viewer), floor)  # type: ignore[misc]
        yield Figure(f"first page of [{query}]", mine * 1e3, "ms", 5)
    mine, _, _ = pair_calls(lambda: desk.count("is:open", viewer=viewer), floor)
    yield Figure("count of [is:open], capped at 1,000", mine * 1e3, "ms", 5)
    mine, _, _ = pair_calls(lambda: desk.ticket(size // 2, viewer=viewer), floor)
    yield Figure("ticket detail", mine * 1e3, "ms", 2)
    desk.close()


def _floor(desk: Desk) -> Callable[[], object]:
    query = select(*(tickets.c[name] for name in _SHOWN)).where(text("is_open = 1"))
    query = query.order_by(tickets.c.due_sort, tickets.c.id).limit(50)

    def read() -> list[tuple[object, ...]]:
        with desk.store.read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    return read


def _walk(desk: Desk, viewer: Actor, query: str, pages: int) -> str | None:
    after: str | None = None
    for _ in range(pages):
        found = desk.page(query, viewer=viewer, after=after)
        if found.after is None:
            break
        after = found.after
    return after
