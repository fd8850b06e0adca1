"""The life of a ticket under a desk's own rules (rules.md section 5, cases L; features.md rows 14 to 17)."""

import pytest

from deskterm.clock import read_instant
from deskterm.config import zone
from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.problems import Problem
from tests.builders import DAY, HOUR
from tests.desk.lives import ANN, CLOSES, OFFICE, PARTS, SLA, THANKS, Life
from tests.desks import Bench


@pytest.fixture
def life(bench: Bench) -> Life:
    return Life(bench)


# L04, L05: silence of so many business days closes, and says that it was silence


def test_three_business_days_of_silence_close_a_resolved_ticket(life: Life) -> None:
    life.rules(OFFICE, CLOSES % "NY")
    life.at("2026-03-05 15:00")
    life.opens()
    life.resolved()
    assert life.ticks("2026-03-10 16:59:59").row.status == "resolved"
    assert life.ticks("2026-03-10 17:00").row.status == "closed"
    assert life.moves[-1] == ("closed", "system", "no answer")


def test_holidays_do_not_count_as_silence_but_make_up_days_do(life: Life) -> None:
    life.at("2026-02-12 15:00", "Asia/Shanghai")
    life.rules(OFFICE, CLOSES % "CN")
    life.opens()
    life.resolved()
    assert life.ticks("2026-02-24 17:59:59", "Asia/Shanghai").row.status == "resolved"
    assert life.ticks("2026-02-24 18:00", "Asia/Shanghai").row.status == "closed"


# L06, L10, row 17: what cancels the wait, and what does not


def test_a_rejected_solution_is_open_again_and_its_silence_was_never_counted(life: Life) -> None:
    life.rules(OFFICE, CLOSES % "NY")
    life.at("2026-03-05 15:00")
    life.opens()
    life.resolved()
    life.at("2026-03-06 10:00")
    life.does(a.Reject(life.number, "still slow"), ANN)
    after = life.ticks("2026-03-16 17:00")
    assert (after.row.status, after.row.reopen_count, life.keys) == ("open", 1, [])


def test_the_next_solution_is_waited_for_anew(life: Life) -> None:
    life.rules(OFFICE, CLOSES % "NY")
    life.at("2026-03-05 15:00")
    life.opens()
    life.resolved()
    life.at("2026-03-06 10:00")
    life.does(a.Reject(life.number, "still slow"), ANN)
    life.at("2026-03-09 10:00")
    life.resolved()
    assert life.ticks("2026-03-12 16:59").row.status == "resolved"
    assert life.ticks("2026-03-12 17:00").row.status == "closed"


def test_a_reply_that_lay_there_while_the_timer_was_down_is_heard_before_silence_closes(life: Life) -> None:
    life.rules(OFFICE, CLOSES % "NY")
    life.at("2026-03-05 15:00")
    life.opens()
    life.resolved()
    life.at("2026-03-12 09:00")  # nobody looked when it should have closed on the 10th
    life.says("it is still slow")
    after = life.ticks("2026-03-12 09:01")
    assert (after.row.status, after.row.reopen_count) == ("open", 1)


def test_days_count_from_the_last_public_answer_of_an_agent(life: Life) -> None:
    life.rules(OFFICE, CLOSES % "NY")
    life.at("2026-03-05 15:00")
    life.opens()
    life.resolved()
    life.at("2026-03-06 10:00")
    life.does(a.Reply(life.number, "does it work for you?"))
    assert life.ticks("2026-03-10 17:00").row.status == "resolved"
    assert life.ticks("2026-03-11 17:00").row.status == "closed"


@pytest.mark.parametrize(
    "action",
    [
        a.Note(1, "he said it works"),
        a.Tag(1, add=("vip",)),
        a.SetFields(1, {"priority": "P1"}),
        a.Assign(1, agent="lee"),
    ],
    ids=lambda action: type(action).__name__,
)
def test_nothing_else_that_is_done_to_the_ticket_moves_the_days(life: Life, action: a.TicketAction) -> None:
    life.rules(OFFICE, CLOSES % "NY")
    life.at("2026-03-05 15:00")
    assert life.opens() == 1
    life.resolved()
    life.at("2026-03-06 10:00")
    life.does(action)
    assert life.ticks("2026-03-10 17:00").row.status == "closed"


def test_becoming_overdue_moves_no_days(life: Life) -> None:
    chases = CLOSES.replace("status:resolved", "status:pending").replace(
        'status = "closed"', 'status = "resolved", cause = "no answer", solution = "none needed"'
    )
    life.rules(OFFICE, SLA.replace("pause", "# pause"), chases % "NY")
    life.at("2026-03-05 15:00")
    life.opens()
    life.does(a.Reply(life.number, "which cable?"))
    life.does(a.Pend(life.number, "asked"))
    overdue = life.ticks("2026-03-09 12:00")
    assert (overdue.row.sla_state, overdue.row.status) == ("overdue", "pending")
    assert life.ticks("2026-03-10 17:00").row.status == "resolved"


# row 16: the requester's word


def test_the_requester_is_asked_and_a_yes_closes(life: Life) -> None:
    life.rules(OFFICE)
    life.opens()
    assert [
        each.kind for each in life.bench.desk.ticket(life.number, viewer=life.bench.actor("ada")).timeline
    ]
    life.resolved()
    life.does(a.Confirm(life.number), ANN)
    assert life.moves[-1] == ("closed", ANN, "confirmed")


@pytest.mark.parametrize(("verify", "asked"), [("true", 1), ("false", 0)])
def test_who_does_not_want_to_be_sure_asks_nobody(life: Life, verify: str, asked: int) -> None:
    life.rules(f"[lifecycle]\nverify = {verify}\n")
    life.opens()
    life.resolved()
    with life.bench.desk.store.read() as connection:
        sent = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE kind = 'verify'").scalar_one()
    assert (sent, life.ticket.row.status) == (asked, "resolved")


# row 14, L07 to L09, L15: the requester writes


def test_a_reply_to_a_closed_ticket_opens_it_until_the_window_has_passed_to_the_second(life: Life) -> None:
    closed = closed_ticket(life)
    life.bench.clock.at = closed + 7 * DAY
    life.says("it is back")
    assert (life.ticket.row.status, life.ticket.row.reopen_count) == ("open", 1)


def test_a_reopened_ticket_gets_a_second_promise(life: Life) -> None:
    life.rules(OFFICE, SLA)
    closed = closed_ticket(life, rules=False)
    life.bench.clock.at = closed + 7 * DAY - 60
    life.says("it is back")
    assert life.ticket.due_resolve == closed + 7 * DAY - 60 + 8 * HOUR


def test_a_second_later_it_becomes_a_ticket_that_follows(life: Life) -> None:
    closed = closed_ticket(life, type="incident", category="lan", custom={"product": "router"})
    life.bench.clock.at = closed + 7 * DAY + 1
    receipt = life.bench.does(a.Reply(life.number, "it is back"), ANN)
    (made,) = receipt.made
    after = life.bench.desk.ticket(made, viewer=life.bench.actor("ada"))
    assert (life.ticket.row.status, life.ticket.followed_by, after.follows) == (
        "closed",
        (made,),
        life.number,
    )
    row = after.row
    assert (row.subject, row.requester, row.organization) == ("VPN drops", ANN, "ACME")
    assert (row.type, row.category, dict(after.custom)) == ("incident", "lan", {"product": "router"})
    assert (row.status, row.assignee, row.created_at) == ("new", "", closed + 7 * DAY + 1)
    assert [each.message.body for each in after.timeline if each.message] == ["it is back"]


@pytest.mark.parametrize("who", [ANN, "kim"])
def test_the_rules_send_the_ticket_that_follows_where_it_belongs_now(life: Life, who: str) -> None:
    life.rules(OFFICE)
    life.number = life.bench.does(a.OpenTicket("VPN drops", queue="network"), who).ticket or 0
    life.resolved("lee")
    life.does(a.Confirm(life.number), who)
    life.rules(OFFICE, '[[route]]\nid = "all"\nwhen = ""\nqueue = "triage"\n')
    life.bench.clock.advance(8 * DAY)
    (made,) = life.bench.does(a.Reply(life.number, "it is back"), who).made
    after = life.bench.desk.ticket(made, viewer=life.bench.actor("ada"))
    assert (after.row.queue, after.row.requester_name) == ("triage", life.ticket.row.requester_name)


def test_the_requester_finds_both_and_nothing_of_it_stands_in_the_old_timeline(life: Life) -> None:
    closed = closed_ticket(life)
    before = len(life.ticket.timeline)
    life.bench.clock.at = closed + 8 * DAY
    (made,) = life.bench.does(a.Reply(life.number, "it is back"), ANN).made
    assert life.bench.ids("", ANN) == [made, life.number] or life.bench.ids("", ANN) == [life.number, made]
    assert len(life.ticket.timeline) == before


def test_the_same_key_makes_one_ticket_that_follows(life: Life) -> None:
    closed = closed_ticket(life)
    life.bench.clock.at = closed + 8 * DAY
    first = life.bench.does(a.Reply(life.number, "it is back"), ANN, key="mail-1")
    again = life.bench.does(a.Reply(life.number, "it is back"), ANN, key="mail-1")
    assert (again.made, again.replayed, len(life.ticket.followed_by)) == (first.made, True, 1)


def test_trying_it_opens_nothing_and_says_what_would_be(life: Life) -> None:
    closed = closed_ticket(life)
    life.bench.clock.at = closed + 8 * DAY
    tried = life.bench.does(a.Reply(life.number, "it is back"), ANN, dry_run=True)
    assert (tried.made, len(tried.warnings), life.ticket.followed_by) == ((), 1, ())


def test_a_window_of_its_own_holds_to_the_second(life: Life) -> None:
    closed = closed_ticket(life, "[lifecycle]\nreopen_window = '36h'\n")
    life.bench.clock.at = closed + 36 * HOUR + 1
    with pytest.raises(Problem) as refused:
        life.does(a.Reopen(life.number), "lee")
    assert str(refused.value).endswith("closed more than 36h ago: open a new ticket.")
    assert life.bench.does(a.Reply(life.number, "back"), ANN).made


def test_thanks_are_filed_and_open_nothing(life: Life) -> None:
    life.rules(OFFICE, THANKS)
    life.opens()
    life.resolved()
    life.bench.clock.advance(HOUR)
    assert life.says("谢谢") == ["message"]
    after = life.ticket
    assert (after.row.status, after.due_next, life.bench.ids("waiting>0m")) == ("resolved", None, [])


def test_thanks_to_a_ticket_closed_long_ago_open_no_other(life: Life) -> None:
    closed = closed_ticket(life, THANKS)
    life.bench.clock.at = closed + 30 * DAY
    assert (life.says("thanks a lot"), life.ticket.followed_by) == (["message"], ())


def test_thanks_and_a_complaint_are_no_thanks(life: Life) -> None:
    life.rules(OFFICE, THANKS)
    life.opens()
    life.resolved()
    assert life.says("thanks, but it is still slow") == ["message", "status"]


def test_thanks_do_not_stop_the_days_of_silence(life: Life) -> None:
    life.rules(OFFICE, CLOSES % "NY", THANKS)
    life.at("2026-03-05 15:00")
    life.opens()
    life.resolved()
    life.at("2026-03-06 10:00")
    life.says("thanks")
    assert life.ticks("2026-03-10 17:00").row.status == "closed"


def test_thanks_on_a_ticket_that_waits_bring_it_back_all_the_same(life: Life) -> None:
    life.rules(OFFICE, THANKS)
    life.opens()
    life.does(a.Pend(life.number, "asked"))
    life.says("thanks")
    assert life.ticket.row.status == "open"


def test_an_answer_to_a_pending_ticket_lets_its_clock_run_on_from_that_second(life: Life) -> None:
    life.rules(OFFICE, SLA)
    life.opens()
    life.bench.clock.advance(HOUR)
    life.does(a.Pend(life.number, "asked"))
    life.bench.clock.advance(5 * HOUR)
    answered = life.bench.clock.now()
    life.says("here it is")
    assert (life.ticket.row.status, life.ticket.due_resolve) == ("open", answered + 7 * HOUR)


# row 15: a ticket wakes at its time, once


def wakes(life: Life, status: str, *rules: str) -> None:
    """A ticket that waits in `status` until the next day at noon."""
    life.at("2026-03-05 15:00")
    if rules:
        life.rules(*rules)
    life.opens()
    until = read_instant("2026-03-06 12:00", zone("America/New_York"))
    life.does(a.Note(life.number, "looking"))
    if status in ("pending", "on_hold"):
        kind = a.Pend if status == "pending" else a.Hold
        life.does(kind(life.number, "asked", until=until))
    else:
        life.does(u.Move(life.number, status, "ordered", until=until))
    assert life.ticket.row.status == status


WAITING = [("pending", ()), ("on_hold", ()), ("waiting_parts", (PARTS,)), ("pending", (OFFICE,))]


@pytest.mark.parametrize(("status", "rules"), WAITING)
def test_a_waiting_ticket_wakes_at_its_time(life: Life, status: str, rules: tuple[str, ...]) -> None:
    wakes(life, status, *rules)
    assert life.ticks("2026-03-06 11:59:59").row.status == status
    assert life.ticks("2026-03-06 12:00").row.status == "open"


@pytest.mark.parametrize(("status", "rules"), WAITING)
def test_it_wakes_once_when_the_timer_was_down_over_its_time(
    life: Life, status: str, rules: tuple[str, ...]
) -> None:
    wakes(life, status, *rules)
    life.ticks("2026-03-09 09:00")
    life.ticks("2026-03-09 09:01")
    assert [move[0] for move in life.moves][-1:] == ["open"]
    assert ([move[0] for move in life.moves].count("open"), life.keys) == (2, [f"wake/{life.number}"])


def test_two_timers_wake_it_once(life: Life) -> None:
    wakes(life, "pending")
    life.at("2026-03-06 12:00")
    other = type(life.bench.desk)(life.bench.desk.store, life.bench.clock)
    acted = [life.bench.desk.tick().acted, other.tick().acted]
    assert (sorted(acted), [move[0] for move in life.moves].count("open")) == ([0, 1], 2)


def test_who_answers_earlier_needs_no_waking(life: Life) -> None:
    wakes(life, "pending")
    life.at("2026-03-05 16:00")
    life.says("here it is")
    life.ticks("2026-03-06 12:00")
    assert (life.keys, [move[0] for move in life.moves]) == ([], ["open", "pending", "open"])


def test_a_second_wait_wakes_a_second_time(life: Life) -> None:
    wakes(life, "pending")
    life.ticks("2026-03-06 12:00")
    life.does(a.Pend(life.number, "asked again", until=life.bench.clock.now() + DAY))
    assert life.ticks("2026-03-07 12:00").row.status == "open"
    assert len(life.keys) == 2


def closed_ticket(life: Life, *parts: str, rules: bool = True, **fields: object) -> int:
    """A ticket of Ann's that was closed just now; the instant."""
    if rules:
        life.rules(OFFICE, *parts)
    life.opens(**fields)
    life.does(a.Assign(life.number, agent="kim"))
    life.resolved()
    life.does(a.Confirm(life.number), ANN)
    return life.bench.clock.now()
