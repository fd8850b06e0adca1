"""Words in a million tickets, half English, half Chinese: first pages in three orders, and counts."""

import sqlite3
from collections.abc import Callable, Iterator

from benchmarks.big import big_desk, open_url
from benchmarks.measure import Figure, pair_calls
from benchmarks.prose import LEGACY

__all__ = ["run"]

_TERMS = (
    ("one ticket", "123"),
    ("in few", '"password will not"'),
    ("in few, a phrase", '"will not"'),
    ("in some", "printer"),
    ("in some, Chinese", "打印"),
    ("in some, beginnings", "progr*"),
    ("in the subject", "subject~密码"),
    ("in half of all", "the"),
    ("in half of all, Chinese", "的"),
    ("in nearly all, beginnings", "t*"),
    ("in none", "nosuchword"),
    ("in the oldest alone", LEGACY),
    ("two together", "的 打印"),
    ("either of two", "vpn OR 打印"),
    ("in open ones", "the is:open"),
    ("in an agent's", "的 assignee:agent2 is:open"),
    ("in a queue's closed", "的 status:closed queue:queue2"),
    ("without another", "printer -vpn"),
    ("without another, Chinese", "的 -我"),
    ("a phrase of common ones", '"the to"'),
    ("in the oldest that are open", f"{LEGACY} is:open"),
    ("in none that are open", "的 is:unassigned is:open"),
    ("in those of one person", "the requester:u7@x.example is:open"),
    ("in a few, or a number", "nosuchword OR id:4711"),
    ("of nobody", "domain:nowhere.example"),
    ("a value of none", "vendor:nobody"),
)
_ROUNDS = 9


def run(quick: bool) -> Iterator[Figure]:
    """Every kind of term in three orders, and how long its capped count takes."""
    url = big_desk(10_000 if quick else 1_000_000)
    desk, viewer = open_url(url)
    floor = _floor(url)
    for kind, query in _TERMS:
        for order in ("sort:-created", "sort:due", "sort:-updated"):
            asked = f"{query} {order}"
            mine, least, _ = pair_calls(
                lambda asked=asked: desk.page(asked, viewer=viewer),  # type: ignore[misc]
                floor,
                _ROUNDS,
            )
            note = f"FTS5 alone, newest 50 of one word: {least * 1e3:.2f} ms"
            yield Figure(f"{kind}: [{asked}]", mine * 1e3, "ms", 50, note=note)
        mine, _, _ = pair_calls(lambda query=query: desk.count(query, viewer=viewer), floor, _ROUNDS)  # type: ignore[misc]
        yield Figure(f"{kind}: count of [{query}], capped at 1,000", mine * 1e3, "ms", 50)
    desk.close()


def _floor(url: str) -> Callable[[], object]:
    """What SQLite alone needs for the newest of one word, without a ticket around them."""
    database = sqlite3.connect(url.removeprefix("sqlite:///"))
    query = "SELECT rowid FROM ticket_fts WHERE ticket_fts MATCH 'printer' ORDER BY rowid DESC LIMIT 50"
    return lambda: database.execute(query).fetchall()
