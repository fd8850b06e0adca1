"""The demo desk runs by rules: what was promised before them is kept, what comes in goes where they say."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import select

from deskterm.clock import ManualClock
from deskterm.demo.arrivals import RULES, arrivals, rules_text
from deskterm.desk import Desk
from deskterm.desk.enacting import enact
from deskterm.desk.loading import load_past
from deskterm.rules.facts import Actor, Book
from deskterm.rules.lint import lint
from deskterm.rules.past import Past
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile import load
from deskterm.rules.ruletests import run_tests
from deskterm.rules.terms import DEFAULT_TERMS
from deskterm.rules.upkeep import SetPresence
from deskterm.store import schema
from deskterm.store.engine import open_store
from deskterm.store.rows import TicketRow, TimelineRow
from deskterm.store.tables import firings
from tests.demo.moments import FESTIVAL, NEW_YEAR, NOW
from tests.demo.replay import book_of
from tests.desks import sqlite_url

HOUR = 3600
CHINESE = re.compile("[\u4e00-\u9fff]")
EXAMPLES = Path(__file__).parents[2] / "examples"
TABLES = ("classify", "route", "sla", "ola", "uc", "trigger", "automation", "macro")

PLACES = {
    "VPN drops every hour": ("open", "P3", "network", "lee", "it-standard"),
    "忘记密码,账号被锁": ("resolved", "P4", "triage", "mei", "it-standard"),
    "Site down: New York office has no line": ("on_hold", "P1", "major", "lee", "it-p1"),
    "Is the new card reader cleared for clinics?": ("open", "P2", "care-us", "grace", "gold"),
    "投诉:退款两周未到账": ("new", "P2", "refunds", "fay", "gold"),
    "Outlook sends nothing": ("open", "P2", "apps", "mei", "it-standard"),
    "扫码枪读不出条码": ("pending", "P3", "care-cn", "zhao", "silver-cn"),
    "Can we return the second till?": ("new", "P3", "care-us", "grace", "silver-us"),
    "Loan laptop for a customer visit at three": ("new", "P2", "triage", "dana", "gold"),
    "ERP 无法过账,提示期间已关闭": ("new", "P3", "apps", "", "it-standard"),
    "Open the firewall for the new branch": ("new", "P3", "network", "lee", "it-standard"),
    "发票抬头写错了": ("new", "P3", "care-cn", "zhao", "silver-cn"),
}


@dataclass(frozen=True)
class Made:
    """A demo desk that was made at `now` of `past`; the fixtures change nothing on it."""

    now: int
    past: Past
    desk: Desk
    viewer: Actor

    def rows(self, query: str) -> list[TicketRow]:
        """The tickets of a query."""
        return list(self.desk.each(query, viewer=self.viewer))

    @property
    def fresh(self) -> list[TicketRow]:
        """What came in under the rules."""
        return self.rows("id>2000 sort:id")

    def history(self, ticket: int) -> tuple[TimelineRow, ...]:
        """All that happened to a ticket."""
        return self.desk.ticket(ticket, viewer=self.viewer).timeline

    def told(self, ticket: int, name: str) -> Any:
        """What the timeline of a ticket told last under that name."""
        return next((each.data[name] for each in reversed(self.history(ticket)) if name in each.data), None)

    def fired(self) -> set[str]:
        """What the timer did, by key."""
        with self.desk.store.read() as connection:
            return set(connection.execute(select(firings.c.key)).scalars())

    @property
    def unfinished(self) -> list[TicketRow]:
        """What somebody still has to work on."""
        return self.rows("is:unsolved")


def made(url: str, past: Past, now: int) -> Made:
    store = open_store(url)
    schema.ensure(store)
    desk = Desk(store, ManualClock(now))
    load_past(desk, past)
    enact(store, arrivals(now), now)
    return Made(now, past, desk, desk.agent("dana"))


@pytest.fixture(
    scope="module", params=[NOW, FESTIVAL, NEW_YEAR], ids=["afternoon", "festival night", "new year"]
)
def demo_desk(
    request: pytest.FixtureRequest, past_at: Callable[[int], Past], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    url = sqlite_url(tmp_path_factory.mktemp("demo"))
    desk = made(url, past_at(request.param), request.param)
    yield desk
    desk.desk.close()


@pytest.fixture(scope="module")
def template(past: Past, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a demo desk, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    made(sqlite_url(folder), past, NOW).desk.close()
    return folder / "desk.db"


@pytest.fixture
def afternoon(past: Past, template: Path, tmp_path: Path) -> Iterator[Made]:
    """A demo desk of one's own, to be worked on."""
    copyfile(template, tmp_path / "desk.db")
    desk = Desk(open_store(sqlite_url(tmp_path)), ManualClock(NOW))
    yield Made(NOW, past, desk, desk.agent("dana"))
    desk.close()


@pytest.fixture(scope="module")
def book(past: Past) -> Book:
    return book_of(past)


@pytest.fixture(scope="module")
def rules(book: Book) -> RuleBook:
    return load(rules_text(), RULES, book=book)


def ids(text: str, table: str) -> set[str]:
    return {each["id"] for each in tomllib.loads(text).get(table, ())}


def test_the_rules_say_nothing_that_cannot_be_meant(rules: RuleBook, book: Book) -> None:
    assert [fault.code for fault in lint(rules, desk=book, now=NOW)] == []


def test_the_rules_pass_their_own_tests(rules: RuleBook) -> None:
    results = run_tests(rules)
    assert len(results) >= 10
    assert [(each.name, each.failures) for each in results if each.failures] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_of_both_examples_is_there(table: str) -> None:
    wanted = chain.from_iterable(
        ids((EXAMPLES / name).read_text("utf-8"), table) for name in ("it.toml", "cs.toml")
    )
    assert set(wanted) <= ids(rules_text(), table)


def test_both_sides_keep_their_calendars(rules: RuleBook) -> None:
    assert {"office", "cn", "us", "always"} == set(rules.calendars)


def test_every_promise_from_before_the_rules_is_kept_to_the_second(demo_desk: Made) -> None:
    promised = {
        past.ticket.id: past.ticket.next_due_at
        for past in demo_desk.past.tickets
        if DEFAULT_TERMS.is_open(past.ticket.status)
    }
    kept = {row.id: row.next_due_at for row in demo_desk.unfinished if row.id <= 2000}
    assert kept == promised


def test_few_are_overdue(demo_desk: Made) -> None:
    assert 0.01 <= len(demo_desk.rows("is:overdue")) / len(demo_desk.unfinished) <= 0.03


def test_some_are_due_within_the_hour(demo_desk: Made) -> None:
    assert 4 <= len(demo_desk.rows("is:unsolved due<1h -is:overdue")) <= 12


def test_what_comes_in_goes_where_the_rules_say(demo_desk: Made) -> None:
    places = {
        row.subject: (row.status, row.priority, row.queue, row.assignee, demo_desk.told(row.id, "policy"))
        for row in demo_desk.fresh
    }
    assert {subject: place for subject, place in places.items() if subject in PLACES} == PLACES


def test_what_breaks_at_night_waits_for_the_morning(demo_desk: Made) -> None:
    hums = next(row for row in demo_desk.fresh if row.subject == "Conference phone hums")
    assert demo_desk.told(hums.id, "route") == ("default" if demo_desk.now == NOW else "night")
    assert bool(hums.assignee) == (demo_desk.now == NOW)


def test_everything_that_comes_in_tells_why_it_is_where_it_is(demo_desk: Made) -> None:
    assert all(demo_desk.told(row.id, "trace") for row in demo_desk.fresh)


def test_whoever_works_on_a_ticket_is_who_has_it(demo_desk: Made) -> None:
    for row in demo_desk.fresh:
        workers = {each.actor for each in demo_desk.history(row.id)[1:] if each.actor_kind == "agent"}
        assert workers <= {row.assignee}


def test_both_languages_come_in(demo_desk: Made) -> None:
    chinese = sum(CHINESE.search(row.subject) is not None for row in demo_desk.fresh)
    assert (chinese, len(demo_desk.fresh)) == (5, 13)


def test_the_clocks_of_the_outage_run_at_the_customer_in_the_group_and_at_the_vendor(demo_desk: Made) -> None:
    outage = next(row.id for row in demo_desk.fresh if row.priority == "P1")
    report = demo_desk.desk.clocks(outage, viewer=demo_desk.viewer)
    running = {each.metric for each in (*report.cycles, *report.internal) if each.outcome == "active"}
    assert running == {"resolution", "update", "work", "restore"}


def test_the_timer_has_nothing_left_to_do(demo_desk: Made) -> None:
    assert demo_desk.desk.tick().acted == 0


def test_the_projections_are_what_the_timeline_says(demo_desk: Made) -> None:
    rebuilt = demo_desk.desk.ruling.rebuild(repair=False)
    assert (rebuilt.wrong, rebuilt.loads) == ((), {})


def test_the_timer_fires_seldom_in_the_next_hour(afternoon: Made) -> None:
    assert isinstance(afternoon.desk.clock, ManualClock)
    before = afternoon.fired()
    afternoon.desk.clock.advance(HOUR)
    afternoon.desk.tick()
    assert 3 <= len(afternoon.fired() - before) <= 15


def test_what_waits_for_somebody_who_knows_is_his_when_he_is_back(afternoon: Made) -> None:
    afternoon.desk.perform(SetPresence("lin", back=True), afternoon.desk.agent("lin"))
    assert [row.assignee for row in afternoon.rows("id>2000 category:software.erp")] == ["lin"]


def test_another_database_makes_the_same_desk(afternoon: Made, pg_database: str) -> None:
    other = made(pg_database, afternoon.past, NOW)
    try:
        assert other.rows("sort:id") == afternoon.rows("sort:id")
        assert [other.history(row.id) for row in other.fresh] == [
            afternoon.history(row.id) for row in afternoon.fresh
        ]
    finally:
        other.desk.close()
