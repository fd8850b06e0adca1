"""Many: an automation that is for fifty thousand tickets is done on all of them in one run, on each once."""

import sys
from collections import Counter
from contextlib import closing
from time import process_time

import pytest

from tests.builders import DAY
from tests.desk.test_timing import CLOSING, another, many, outcomes, stopping, under
from tests.desks import Bench


@pytest.mark.soak
def test_fifty_thousand_tickets_are_closed_in_one_run_and_none_a_second_time(bench: Bench) -> None:
    under(bench, CLOSING)
    many(bench, 50_000)
    bench.clock.advance(DAY)
    begun = process_time()
    done = bench.desk.tick()
    spent = process_time() - begun
    sys.stdout.write(f"\n{bench.desk.store.dialect}: {done.acted} tickets in {spent:.0f} s of processor\n")
    with closing(another(bench)) as other:
        again = bench.desk.tick().looked + other.tick().looked
    assert (done.looked, done.acted, done.failed, again) == (50_000, 50_000, (), 0)
    assert Counter(outcomes(bench)) == {("automation close", "done"): 50_000}


@pytest.mark.soak
def test_a_run_that_is_stopped_is_taken_up_by_the_next_process(bench: Bench) -> None:
    under(bench, CLOSING)
    many(bench, 5_000)
    bench.clock.advance(DAY)
    first = bench.desk.timer.tick(stopping(100)).looked
    with closing(another(bench)) as other:
        rest = other.tick().looked
    assert (0 < first < 5_000, first + rest) == (True, 5_000)
    assert Counter(outcomes(bench)) == {("automation close", "done"): 5_000}
