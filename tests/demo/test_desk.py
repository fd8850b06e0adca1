"""The demo desk is a desk: consistent with the rules from the first event to the last."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any

from deskterm.demo import demo
from deskterm.rules.clean import clean
from deskterm.rules.lifecycle import TRANSITIONS
from deskterm.rules.past import Past, PastTicket
from deskterm.rules.terms import DEFAULT_TERMS
from tests.demo.moments import NOW
from tests.demo.replay import book_of, replayed

YEAR = 365 * 86400
DIGEST_ELSEWHERE = (
    "from deskterm.demo import demo; from tests.demo.test_desk import digest; print(digest(demo({now})))"
)


def digest(past: Past) -> str:
    """A hash over everything there is, whatever the order of sets."""
    whole = {field.name: list(getattr(past, field.name)) for field in fields(past)}
    text = json.dumps(whole, sort_keys=True, default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """A value in JSON."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return dict(value) if isinstance(value, Mapping) else sorted(value)


def test_another_call_makes_the_same_desk(past: Past) -> None:
    assert demo(NOW) == past


def test_an_interpreter_with_another_hash_seed_makes_the_same_desk(past: Past) -> None:
    command = [sys.executable, "-c", DIGEST_ELSEWHERE.format(now=NOW)]
    environment = os.environ | {"PYTHONHASHSEED": "4242"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == digest(past)


def test_it_has_the_people_it_promises(past: Past) -> None:
    people = (past.groups, past.agents, past.contacts, past.organizations)
    assert [len(each) for each in people] == [4, 12, 60, 12]


def test_every_tier_has_organizations(past: Past) -> None:
    assert Counter(each.tier for each in past.organizations) == {"gold": 4, "silver": 4, "bronze": 4}


def test_no_two_people_share_an_address_or_login(past: Past) -> None:
    names = [address for each in past.contacts for address in each.addresses]
    names += [name for each in past.agents for name in (each.login, each.email)]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_tickets_are_numbered_in_the_order_in_which_they_were_opened(tickets: tuple[PastTicket, ...]) -> None:
    opened = sorted((each.ticket.created_at, each.ticket.id) for each in tickets)
    assert [number for _at, number in opened] == list(range(1, 2001))


def test_events_are_numbered_in_the_order_of_time(tickets: tuple[PastTicket, ...]) -> None:
    events = sorted((each.event for past in tickets for each in past.events), key=lambda event: event.seq)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(one.at <= other.at for one, other in pairwise(events))


def test_a_timeline_goes_forward(tickets: tuple[PastTicket, ...]) -> None:
    for past in tickets:
        steps = [(each.event.at, each.event.version, each.event.seq) for each in past.events]
        assert steps == sorted(steps)


def test_everything_happened_within_the_last_year(tickets: tuple[PastTicket, ...]) -> None:
    times = [each.event.at for past in tickets for each in past.events]
    assert (min(times) >= NOW - YEAR, max(times) <= NOW) == (True, True)


def test_waits_end_in_the_future(tickets: tuple[PastTicket, ...]) -> None:
    ends = [past.ticket.wake_at for past in tickets if DEFAULT_TERMS.is_open(past.ticket.status)]
    assert [end for end in ends if end is not None and end <= NOW] == []


def test_the_events_alone_give_the_ticket(past: Past, tickets: tuple[PastTicket, ...]) -> None:
    book = book_of(past)
    different = [each.ticket.id for each in tickets if replayed(each, past, book, NOW) != each.ticket]
    assert different == []


def test_every_status_follows_the_one_before_by_a_legal_move(tickets: tuple[PastTicket, ...]) -> None:
    for past in tickets:
        status = past.events[0].event.data["status"]
        for move in (each.event.data for each in past.events if each.event.kind == "status"):
            assert move["old"] == status
            assert move["new"] in TRANSITIONS[status]
            status = move["new"]
        assert status == past.ticket.status


def test_every_event_says_because_of_which_action(tickets: tuple[PastTicket, ...]) -> None:
    reasons = {each.event.because.partition(" ")[0] for past in tickets for each in past.events}
    assert reasons == {"action"}


def test_only_messages_have_words(tickets: tuple[PastTicket, ...]) -> None:
    for past in tickets:
        assert all((each.body is not None) == (each.event.kind == "message") for each in past.events)


def test_every_word_may_be_shown_as_it_is(tickets: tuple[PastTicket, ...]) -> None:
    texts = [past.ticket.subject for past in tickets]
    texts += [each.body for past in tickets for each in past.events if each.body]
    texts += [text for past in tickets for text in (past.ticket.cause, past.ticket.solution)]
    assert [text for text in texts if clean(text) != text or "{" in text or "#" in text] == []


def test_every_open_ticket_has_a_due_or_waits_for_its_requester(tickets: tuple[PastTicket, ...]) -> None:
    unwatched = [
        past.ticket.id
        for past in tickets
        if DEFAULT_TERMS.is_open(past.ticket.status)
        and past.ticket.next_due_at is None
        and (past.ticket.status, past.ticket.sla_state) != ("pending", "paused")
    ]
    assert unwatched == []


def test_what_is_assigned_lies_with_a_member_of_its_group(
    past: Past, tickets: tuple[PastTicket, ...]
) -> None:
    groups = {group.id: group for group in past.groups}
    held = [each.ticket for each in tickets if each.ticket.assignee_id and each.ticket.group_id]
    assert all(each.assignee_id in groups[each.group_id or 0].members for each in held)
