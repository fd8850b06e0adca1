"""Replaying a desk: the rules in force make no difference, others do, and nothing is ever written."""

from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.demo import demo
from deskterm.desk.importing import import_file
from deskterm.desk.loading import load_past
from deskterm.desk.replaying import Difference, ReplayReport
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile import load
from tests.builders import DAY, HOUR, T0
from tests.desks import Bench, a_desk, sqlite_url
from tests.reliability.stored import dump

ROOT = Path(__file__).parents[2]
LOG = ROOT.parent / "shared" / "data" / "tickets" / "incident_event_log.zip"
MAPPING = ROOT / "examples" / "servicenow-incidents.toml"
BODY = """
[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }
[[classify]]
id = "vpn"
when = 'text~"vpn"'
set = { category = "net.vpn", add_tags = ["vpn"] }
[[route]]
id = "net"
when = 'category:net.*'
queue = "network"
group = "network"
assign = { by = "round_robin" }
[[route]]
id = "rest"
when = ''
queue = "triage"
group = "service-desk"
[[sla]]
id = "std"
when = ''
calendar = "always"
pause = { resolution = ["pending"] }
target.P1 = { first_response = "30m", resolution = "4h" }
target.P2 = { first_response = "1h", resolution = "8h" }
target.P3 = { first_response = "4h", resolution = "24h" }
target.P4 = { first_response = "8h", resolution = "48h" }
[[sla.level]]
id = "L1"
metric = "resolution"
at = "breach"
do = [{ add_tags = ["late"] }]
[[trigger]]
id = "hot"
on = ["message"]
when = 'by:requester message~"urgent"'
do = [{ set = { priority = "P2" } }]
"""
FASTER = BODY.replace('target.P3 = { first_response = "4h"', 'target.P3 = { first_response = "2h"')
NOWHERE = BODY.replace("category:net.*", "category:phone")
ANN = "ann@acme.example"


def ruled(bench: Bench, body: str = BODY) -> Bench:
    """The desk with these rules in force."""
    bench.desk.ruling.activate("then.toml", body, {}, bench.actor("ada"))
    return bench


def a_year(bench: Bench) -> tuple[int, int]:
    """Two tickets with a life: one of the network, one that is nobody's; over a week."""
    first, second = (
        bench.opens("VPN drops"),
        bench.opens("Printer jam", "no paper", impact="high", urgency="low"),
    )
    for action, who in (
        (a.Reply(first, "which client?"), "kim"),
        (a.Pend(first, "asked"), "kim"),
        (a.Reply(first, "the blue one, it is urgent"), ANN),
        (a.SetFields(first, {"priority": "P1"}), "kim"),
        (a.Assign(second, group="network"), "ada"),
        (a.Tag(second, ("odd",)), "ada"),
        (a.Resolve(first, "line", "new line"), "kim"),
        (a.Confirm(first), ANN),
    ):
        bench.clock.advance(3 * HOUR)
        bench.does(action, who)
        bench.desk.tick()
    bench.clock.advance(3 * DAY)
    bench.desk.tick()
    return first, second


def replay(bench: Bench, rules: RuleBook | str, since: int = 0, until: int | None = None) -> ReplayReport:
    """The whole past under other rules."""
    candidate = load(rules, "now.toml") if isinstance(rules, str) else rules
    return bench.desk.replaying.replay(candidate, since, until)


def test_the_rules_in_force_make_no_difference(bench: Bench) -> None:
    a_year(ruled(bench))
    for rules in (bench.desk.ruling.active(), BODY):
        report = replay(bench, rules)
        assert (report.tickets, report.differences, report.skipped) == (2, (), ())
        assert report.breaches_then == report.breaches_now
        assert report.load_then == report.load_now == {"network": 1, "service-desk": 1}


def test_a_desk_without_rules_of_its_own_is_no_different_either(bench: Bench) -> None:
    a_year(bench)
    report = replay(bench, bench.desk.ruling.active())
    assert (report.tickets, report.differences) == (2, ())


def test_one_other_target_moves_one_due_of_the_tickets_that_it_is_for(bench: Bench) -> None:
    first, second = (ruled(bench).opens(subject) for subject in ("VPN drops", "Printer jam"))
    assert replay(bench, FASTER).differences == (
        Difference(first, "due.first_response", T0 + 4 * HOUR, T0 + 2 * HOUR),
        Difference(second, "due.first_response", T0 + 4 * HOUR, T0 + 2 * HOUR),
    )


def test_a_promise_that_is_broken_now_is_counted(bench: Bench) -> None:
    number = ruled(bench).opens()
    bench.clock.advance(3 * HOUR)
    bench.does(a.Reply(number, "which client?"), "kim")
    report = replay(bench, FASTER)
    assert (report.breaches_then, report.breaches_now) == ({}, {"first_response": 1})
    assert Difference(number, "outcome.first_response", "met", "breached") in report.differences


def test_another_route_gives_other_groups_their_work(bench: Bench) -> None:
    number = ruled(bench).opens("VPN drops")
    report = replay(bench, NOWHERE)
    assert (report.load_then, report.load_now) == ({"network": 1}, {"service-desk": 1})
    assert {each.field: (each.then, each.now) for each in report.differences} == {
        "queue": ("network", "triage"),
        "group": ("network", "service-desk"),
        "route": ("net", "rest"),
    }
    assert {each.ticket for each in report.differences} == {number}


def test_the_words_of_messages_are_asked(bench: Bench) -> None:
    number = ruled(bench).opens("Printer jam", "or is it the vpn?")
    assert Difference(number, "queue", "network", "triage") in replay(bench, NOWHERE).differences


def test_only_tickets_of_that_time_are_replayed(bench: Bench) -> None:
    ruled(bench)
    for _ in range(3):
        bench.opens()
        bench.clock.advance(HOUR)
    assert replay(bench, BODY, T0 + HOUR).tickets == 2
    assert replay(bench, BODY, T0, T0 + HOUR).tickets == 1
    assert replay(bench, BODY, T0 + HOUR, T0 + HOUR).tickets == 0


def test_replaying_changes_no_row(bench: Bench) -> None:
    a_year(ruled(bench))
    before = dump(bench.desk.store)
    assert before["tickets"]
    assert before["events"]
    replay(bench, NOWHERE)
    bench.desk.replaying.explain_with(load(NOWHERE, "now.toml"), 1)
    assert dump(bench.desk.store) == before


def test_differences_can_be_handed_over_one_by_one_and_are_not_kept_then(bench: Bench) -> None:
    ruled(bench).opens()
    found: list[Difference] = []
    report = bench.desk.replaying.replay(load(NOWHERE, "now.toml"), 0, found=found.append)
    assert (len(found), report.differing, report.differences) == (3, 1, ())


def test_a_ticket_that_cannot_be_replayed_is_named_with_the_reason(bench: Bench) -> None:
    number = ruled(bench).opens()
    with bench.desk.store.transaction() as connection:
        connection.exec_driver_sql("UPDATE events SET kind = 'attached' WHERE kind = 'created'")
    report = replay(bench, BODY)
    assert [(ticket, problem.code) for ticket, problem in report.skipped] == [(number, "replay.opening")]
    assert report.tickets == 0


def test_a_candidate_explains_where_it_would_send_one_ticket_and_who_could_take_it(bench: Bench) -> None:
    number = ruled(bench).opens("Printer jam", "or is it the vpn?")
    trace = bench.desk.replaying.explain_with(load(BODY, "now.toml"), number)
    assert [each.id for each in trace.tried if each.holds] == ["vpn", "net", "std"]
    assert trace.chosen is not None
    assert {each.login for each in trace.chosen.table} == {"lee", "kim"}
    assert trace.file == "now.toml"


def test_a_ticket_that_is_not_there_cannot_be_explained(bench: Bench) -> None:
    with pytest.raises(Problem) as refusal:
        ruled(bench).desk.replaying.explain_with(load(BODY, "now.toml"), 7)
    assert refusal.value.code == "ticket.missing"


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                lambda number: a.Reply(number, "it is urgent"),
                lambda number: a.Note(number, "vpn"),
                lambda number: a.Pend(number, "asked"),
                lambda number: a.Resolve(number, "line", "new line"),
                lambda number: a.Reject(number, "no"),
                lambda number: a.SetFields(number, {"priority": "P1"}),
                lambda number: a.SetFields(number, {"impact": "low", "urgency": "low"}),
                lambda number: a.SetFields(number, {"queue": "triage", "cf.site": "Berlin"}),
                lambda number: a.Assign(number, agent="lee", group="network"),
                lambda number: a.Tag(number, ("odd",), ("vpn",)),
            )
        ),
        st.sampled_from(("kim", "lee", "ada", ANN)),
        st.integers(0, 20 * HOUR),
    ),
    max_size=8,
)


@given(DEEDS, st.sampled_from(("VPN drops", "Printer jam")), st.booleans())
@settings(max_examples=20)
def test_on_any_desk_the_rules_in_force_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[Any], subject: str, own: bool
) -> None:
    with closing(a_desk(sqlite_url(tmp_path_factory.mktemp("desk"))).desk) as desk:
        bench = Bench(desk, desk.clock, "")  # type: ignore[arg-type]
        if own:
            ruled(bench)
        number = bench.opens(subject)
        for deed, who, pause in deeds:
            bench.clock.advance(pause)
            with suppress(Problem):
                bench.does(deed(number), who)
            bench.desk.tick()
        report = replay(bench, BODY if own else desk.ruling.active())
        assert (report.tickets, report.differences, report.skipped) == (1, (), ())


def test_the_demo_desk_replayed_under_its_own_rules_shows_no_difference(tmp_path: Path) -> None:
    with closing(a_desk(sqlite_url(tmp_path), people=False).desk) as desk:
        count = load_past(desk, demo(desk.clock.now()))
        bench = Bench(desk, desk.clock, "")  # type: ignore[arg-type]
        report = replay(bench, desk.ruling.active())
        assert (report.tickets, report.differences, report.skipped) == (count, (), ())


@pytest.mark.soak
@pytest.mark.skipif(not LOG.exists(), reason="the real log is not here: ../shared/data/tickets")
@pytest.mark.parametrize("own", [False, True], ids=["built-in rules", "rules of its own"])
def test_the_real_log_replayed_under_the_rules_in_force_shows_no_difference(
    tmp_path: Path, own: bool
) -> None:
    with closing(a_desk(sqlite_url(tmp_path)).desk) as desk:
        import_file(desk, LOG, MAPPING, rejects=tmp_path / "rejects.jsonl")
        bench = Bench(desk, desk.clock, "")  # type: ignore[arg-type]
        if own:
            ruled(bench)
        report = replay(bench, BODY if own else desk.ruling.active())
        assert (report.tickets, report.differences, report.skipped) == (24_918, (), ())
