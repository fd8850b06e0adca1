"""The write path: acknowledged means written, once, whole; a ticket that moved is not overwritten."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from typing import Any

import pytest

from deskterm.desk import Receipt
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor, Facts, Ticket
from deskterm.rules.problems import Problem
from deskterm.rules.sla import fold, project
from deskterm.store import snapshot, write
from tests.desks import Bench, a_desk

HOSTILE = "a\0b\ud800\u202e\x1b]0;x\x07[/x] \U0010ffff 中文 ＶＰＮ"


def stored(bench: Bench, number: int) -> Facts:
    """The facts of a ticket as the store has them now."""
    with bench.desk.store.read() as connection:
        return snapshot.load(connection, a.Note(number, "x"), Actor("system"), bench.desk.book())


def a_life(bench: Bench) -> int:
    """A ticket that sees every kind of change."""
    ann = "ann@acme.example"
    number = bench.opens(tags=("vpn",), custom={"site": "Berlin"})
    for action, who in (
        (a.Reply(number, "which client?"), "kim"),
        (a.Pend(number, "asked for the client"), "kim"),
        (a.Reply(number, "the blue one"), ann),
        (a.Assign(number, agent="kim", group="network"), "lee"),
        (
            a.SetFields(number, {"impact": "high", "urgency": "high", "cf.site": "", "cf.asset": "NB-1"}),
            "kim",
        ),
        (a.Tag(number, ("urgent",), ("vpn",)), "kim"),
        (a.Hold(number, vendor="northline", until=bench.clock.now() + 9 * 86400), "kim"),
        (a.Resolve(number, "carrier", "line replaced", reply="should work again"), "kim"),
        (a.Reject(number, "no"), ann),
        (a.Resolve(number, "carrier", "line replaced twice"), "kim"),
        (a.Confirm(number), ann),
        (a.SetFields(number, {"subject": "x"}), "kim"),
    ):
        bench.clock.advance(600)
        try:
            bench.does(action, who)
        except Problem as problem:
            assert problem.code == "ticket.frozen"
    return number


def test_what_the_store_holds_is_exactly_what_the_rules_decided(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided: list[Ticket | None] = []
    real = write.apply

    def watched(connection: Any, decision: Any, actor: Actor, now: int, worker: str) -> write.Written:
        decided.append(decision.after)
        return real(connection, decision, actor, now, worker)

    monkeypatch.setattr(write, "apply", watched)
    number = a_life(bench)
    expected, held = decided[-1], stored(bench, number).ticket
    assert expected is not None
    assert held is not None
    differing = [
        each.name
        for each in fields(Ticket)
        if each.name not in ("id", "custom") and getattr(expected, each.name) != getattr(held, each.name)
    ]
    assert (differing, dict(expected.custom)) == ([], dict(held.custom))


def test_the_stored_clocks_are_the_fold_of_the_stored_timeline(bench: Bench) -> None:
    number = a_life(bench)
    facts = stored(bench, number)
    assert facts.ticket is not None
    assert project(facts.ticket, fold(facts.history, {}, facts.ticket.updated_at)) == facts.ticket


def test_every_change_stands_once_in_the_timeline_with_who_and_why(bench: Bench) -> None:
    number = bench.opens()
    bench.does(a.SetFields(number, {"priority": "P1"}), "kim")
    line = bench.desk.ticket(number, viewer=bench.actor("ada")).timeline[-1]
    assert (line.kind, line.actor, line.data, line.because) == (
        "field",
        "kim",
        {"name": "priority", "old": "P3", "new": "P1"},
        "action set_fields",
    )


def test_the_receipt_tells_what_was_done(bench: Bench) -> None:
    receipt = bench.does(a.Tag(bench.opens(), ("vpn",)))
    assert receipt.changes == ({"kind": "tags", "added": ["vpn"], "removed": [], "because": "action tag"},)


def test_the_same_key_is_done_once_and_answered_alike(bench: Bench) -> None:
    number = bench.opens()
    first = bench.does(a.Reply(number, "once"), key="mail-1")
    again = bench.does(a.Reply(number, "once"), key="mail-1")
    assert (again.replayed, again.events, again.version) == (True, first.events, first.version)


def test_a_ticket_that_moved_is_refused_with_who_did_what(bench: Bench) -> None:
    number = bench.opens()
    seen = bench.desk.ticket(number, viewer=bench.actor("ada")).row.version
    bench.does(a.Note(number, "mine"), "kim")
    with pytest.raises(Problem) as refused:
        bench.does(a.Reply(number, "yours"), seen=seen)
    assert (refused.value.kind, refused.value.values["who"]) == ("stale", "kim")


def test_a_version_that_nobody_saw_yet_is_refused(bench: Bench) -> None:
    with pytest.raises(Problem) as refused:
        bench.does(a.Note(bench.opens(), "x"), seen=5)
    assert (refused.value.kind, refused.value.code) == ("stale", "ticket.unseen")


def test_a_ticket_that_did_not_move_is_not_stale(bench: Bench) -> None:
    number = bench.opens()
    assert bench.does(a.Note(number, "x"), seen=1).version == 2


def test_a_refused_action_leaves_no_trace(bench: Bench) -> None:
    number = bench.opens()
    before = stored(bench, number)
    with pytest.raises(Problem):
        bench.does(a.Resolve(number, cause="x"), "kim")
    assert stored(bench, number) == before


def test_a_dry_run_tells_the_changes_and_writes_none(bench: Bench) -> None:
    number = bench.opens()
    before = stored(bench, number)
    receipt = bench.does(a.SetFields(number, {"priority": "P1"}), dry_run=True)
    assert (len(receipt.changes), receipt.dry_run, stored(bench, number)) == (1, True, before)


def test_there_is_no_ticket_with_a_wrong_number(bench: Bench) -> None:
    for number in (0, -1, 99, 2**63, 2**200):
        with pytest.raises(Problem) as refused:
            bench.does(a.Note(number, "x"))
        assert refused.value.kind == "missing"


def test_hostile_text_is_kept_to_the_letter(bench: Bench) -> None:
    number = bench.opens(subject=HOSTILE, body=HOSTILE, custom={"site": HOSTILE})
    detail = bench.desk.ticket(number, viewer=bench.actor("ada"))
    message = detail.timeline[1].message
    assert message is not None
    assert (detail.row.subject, message.body, detail.custom["site"]) == (HOSTILE, HOSTILE, HOSTILE)


def test_a_hundred_equal_alerts_at_once_are_one_ticket_with_99_occurrence_notes(bench: Bench) -> None:
    ada = bench.actor("ada")

    def alert(number: int) -> Receipt:
        return bench.desk.perform(a.OpenTicket("disk full", f"alert {number}", dedupe_key="disk"), ada)

    with ThreadPoolExecutor(8) as pool:
        tickets = {receipt.ticket for receipt in pool.map(alert, range(100))}
    (number,) = tickets
    assert number is not None
    timeline = bench.desk.ticket(number, viewer=ada).timeline
    notes = [line for line in timeline if line.message and not line.message.public]
    assert (len(notes), bench.desk.count(viewer=ada)) == (99, 1)


def test_after_it_is_over_the_same_alert_opens_a_new_ticket(bench: Bench) -> None:
    first = bench.opens(dedupe_key="disk")
    bench.does(a.Resolve(first, "full", "cleaned"))
    bench.does(a.Close(first))
    assert bench.opens(dedupe_key="disk") != first


def test_many_openers_for_one_unknown_requester_make_one_contact(bench: Bench) -> None:
    ada = bench.actor("ada")
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: bench.desk.perform(a.OpenTicket(f"t{n}", requester="new@x.example"), ada), range(24)
            )
        )
    assert len(bench.desk.contacts("new@x.example", viewer=ada)) == 1


def test_concurrent_notes_are_all_kept_and_each_is_one_version(bench: Bench) -> None:
    number, ada = bench.opens(), bench.actor("ada")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: bench.desk.perform(a.Note(number, f"note {n}"), ada), range(40)))
    detail = bench.desk.ticket(number, viewer=ada)
    notes = {line.message.body for line in detail.timeline if line.message and not line.message.public}
    assert (len(notes), detail.row.version) == (40, 41)


def test_founding_twice_keeps_the_first_admin(database_url: str) -> None:
    with (
        closing(a_desk(database_url, people=False).desk) as first,
        closing(a_desk(database_url, people=False).desk) as second,
    ):
        assert [agent.login for agent in second.agents()] == ["ada"]
        assert [agent.login for agent in first.agents()] == ["ada"]


def test_an_empty_desk_takes_a_ticket_from_a_stranger_at_once(database_url: str) -> None:
    bench = a_desk(database_url, people=False)
    with closing(bench.desk) as desk:
        number = bench.opens(requester="someone@example.com")
        row = desk.ticket(number, viewer=bench.actor("ada")).row
    assert (row.requester, row.queue, row.group, row.status) == (
        "someone@example.com",
        "triage",
        "service-desk",
        "new",
    )
