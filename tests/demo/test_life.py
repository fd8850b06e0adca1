"""The demo desk looks alive: enough of everything, at any time of the year."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from deskterm.demo.stories import stories
from deskterm.rules.facts import Ticket
from deskterm.rules.past import Past, PastTicket
from deskterm.rules.sla import fold
from deskterm.rules.terms import DEFAULT_TERMS
from tests.demo.moments import FESTIVAL, NEW_YEAR, NOW

HOUR, DAY = 3600, 86400
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Desk:
    """A demo desk and when it was looked at."""

    now: int
    past: Past
    tickets: tuple[PastTicket, ...]

    def share(self, wanted: Callable[[PastTicket], bool]) -> float:
        """How many of all tickets are like that, from 0 to 1."""
        return sum(map(wanted, self.tickets)) / len(self.tickets)

    @property
    def open(self) -> list[Ticket]:
        """What somebody still has to work on."""
        return [each.ticket for each in self.tickets if DEFAULT_TERMS.is_open(each.ticket.status)]

    def dues(self) -> Iterator[int]:
        """Seconds until the next due of each open ticket that has one."""
        return (each.next_due_at - self.now for each in self.open if each.next_due_at is not None)


@pytest.fixture(
    scope="module", params=[NOW, FESTIVAL, NEW_YEAR], ids=["afternoon", "festival night", "new year"]
)
def desk(request: pytest.FixtureRequest, past_at: Callable[[int], Past]) -> Desk:
    """The demo desk at a usual time and at two unusual ones."""
    made = past_at(request.param)
    return Desk(request.param, made, tuple(made.tickets))


def test_about_two_hundred_tickets_are_open(desk: Desk) -> None:
    assert 200 <= len(desk.open) <= 220


def test_few_of_the_open_ones_are_overdue(desk: Desk) -> None:
    assert 0.01 <= sum(due < 0 for due in desk.dues()) / len(desk.open) <= 0.03


def test_some_are_due_within_the_hour(desk: Desk) -> None:
    assert 3 <= sum(0 <= due < HOUR for due in desk.dues()) <= 8


def test_some_wait_in_every_way(desk: Desk) -> None:
    waiting = Counter(each.status for each in desk.open)
    assert waiting["new"] >= 15
    assert waiting["pending"] >= 40
    assert waiting["on_hold"] >= 10


def test_some_belong_to_nobody_yet(desk: Desk) -> None:
    assert 15 <= sum(each.assignee_id is None for each in desk.open) <= 35


def test_one_in_eight_missed_a_due(desk: Desk) -> None:
    def missed(past: PastTicket) -> bool:
        report = fold((each.event for each in past.events), {}, desk.now)
        return any(cycle.breached_at is not None for cycle in report.cycles)

    assert 0.10 <= desk.share(missed) <= 0.15


def test_one_in_twenty_was_opened_again(desk: Desk) -> None:
    assert 0.035 <= desk.share(lambda past: past.ticket.reopen_count > 0) <= 0.065


def test_a_few_were_cancelled(desk: Desk) -> None:
    assert 0.01 <= desk.share(lambda past: past.ticket.status == "cancelled") <= 0.04


def test_half_is_english_and_half_chinese(desk: Desk) -> None:
    chinese = desk.share(lambda past: CHINESE.search(past.ticket.subject) is not None)
    assert 0.4 <= chinese <= 0.6


def test_every_group_and_queue_has_work(desk: Desk) -> None:
    assert {each.group_id for each in desk.open} == {group.id for group in desk.past.groups}
    assert {each.queue_id for each in desk.open} == {queue.id for queue in desk.past.queues}


def test_priorities_make_a_pyramid_with_a_small_top(desk: Desk) -> None:
    count = Counter(past.ticket.priority for past in desk.tickets)
    assert 10 <= count["P1"] < count["P2"] < count["P4"] < count["P3"]


def test_every_story_is_told(desk: Desk) -> None:
    told = {past.ticket.category for past in desk.tickets}
    assert {story.category for story in stories()} - told == {"spam"}


def test_weekends_and_nights_are_quieter(desk: Desk) -> None:
    old = [past.ticket for past in desk.tickets if past.ticket.created_at < desk.now - 7 * DAY]
    weekend = sum((each.created_at // DAY + 3) % 7 >= 5 for each in old)
    night = sum(17 <= each.created_at // HOUR % 24 < 23 for each in old)  # UTC: everybody's evening or night
    assert weekend / len(old) < 0.16
    assert night / len(old) < 0.20


def test_words_seldom_repeat(desk: Desk) -> None:
    first = Counter(past.events[1].body for past in desk.tickets)
    assert len(first) > 0.6 * len(desk.tickets)
    assert first.most_common(1)[0][1] < 20


def test_one_day_had_an_outage(desk: Desk) -> None:
    major = Counter(
        past.ticket.created_at // DAY
        for past in desk.tickets
        if "major" in past.ticket.tags or "major" in past.ticket.subject
    )
    assert major.most_common(1)[0][1] >= 12


def test_conversations_have_turns_notes_and_answers(desk: Desk) -> None:
    said = [each.event.data for past in desk.tickets for each in past.events if each.event.kind == "message"]
    assert len(said) > 3.5 * len(desk.tickets)
    assert sum(not data["public"] for data in said) > 0.08 * len(said)
