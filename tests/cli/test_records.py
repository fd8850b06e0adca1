"""Records: what rows are in JSON."""

from datetime import UTC, datetime

from hypothesis import given, strategies as st

from deskterm.cli.records import instant, iso


@given(st.integers(-62_135_596_800, 253_402_300_799))
def test_an_instant_is_read_back_from_its_iso_form(at: int) -> None:
    assert int(datetime.fromisoformat(iso(at)).replace(tzinfo=UTC).timestamp()) == at


@given(st.integers(-(2**63), 2**63))
def test_any_instant_has_an_iso_form(at: int) -> None:
    assert len(iso(at)) == len("2026-03-02T10:00:00Z")


def test_no_instant_is_shown_as_null_twice() -> None:
    assert instant("due", None) == {"due": None, "due_at": None}
