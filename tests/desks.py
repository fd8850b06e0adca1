"""A real desk for a test: an empty database, a clock that the test moves, ada its admin."""

from dataclasses import dataclass
from pathlib import Path

from deskterm.clock import ManualClock
from deskterm.desk import Desk, Receipt
from deskterm.desk.founding import found
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.store import schema
from deskterm.store.engine import open_store
from tests.builders import T0

__all__ = ["Bench", "a_desk", "sqlite_url"]


def sqlite_url(folder: Path, name: str = "desk.db") -> str:
    """The URL of a desk in `folder`."""
    return f"sqlite:///{folder / name}"


@dataclass
class Bench:
    """A desk with its clock and people: ada (admin), lee (lead) and kim in network, ann who asks."""

    desk: Desk
    clock: ManualClock
    url: str

    def actor(self, name: str) -> Actor:
        """An agent by login, or a contact by address."""
        return self.desk.requester(name) if "@" in name else self.desk.agent(name)

    def does(self, action: a.Action, who: str = "ada", **how: object) -> Receipt:
        """Perform as `who`."""
        return self.desk.perform(action, self.actor(who), **how)  # type: ignore[arg-type]

    def opens(self, subject: str = "VPN drops", body: str = "every hour", **fields: object) -> int:
        """A ticket for Ann; its number."""
        action = a.OpenTicket(subject, body, **{"requester": "ann@acme.example", **fields})  # type: ignore[arg-type]
        number = self.does(action).ticket
        assert number is not None
        return number

    def ids(self, query: str = "", who: str = "ada") -> list[int]:
        """The numbers a query finds, in its order."""
        return [row.id for row in self.desk.each(query, viewer=self.actor(who))]


def a_desk(url: str, now: int = T0, *, people: bool = True) -> Bench:
    """The founded desk at `url`, with a few people."""
    store = open_store(url)
    schema.ensure(store)
    clock = ManualClock(now)
    bench = Bench(Desk(store, clock), clock, url)
    found(bench.desk, "ada", "Ada Admin")
    if people and "kim" not in bench.desk.book().logins:
        bench.does(a.AddGroup("network", "Network"))
        bench.does(a.AddQueue("network", group="network"))
        bench.does(a.AddAgent("lee", "Lee Lead", groups=("network",)))
        bench.does(a.AddAgent("kim", "Kim Agent", groups=("network",)))
        bench.does(a.AddAgent("lil", "Lil Light", role="light"))
        bench.does(a.SetGroup("network", add_leads=("lee",)))
        bench.does(a.AddOrganization("ACME", "gold", ("acme.example",)))
        bench.does(a.AddContact("Ann Li", ("ann@acme.example", "ann.li@home.example")))
    return bench
