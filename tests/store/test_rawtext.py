"""Raw text: whatever is written is read back, on both databases."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from sqlalchemy import Engine, create_engine, literal, select as plain_select
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from deskterm.store.rawtext import ESCAPE, RawText, decode_raw, encode_raw

NAUGHTY = Path(__file__).parents[2].parent / "shared" / "data" / "unicode" / "blns.txt"

everything = st.characters(min_codepoint=0, max_codepoint=sys.maxunicode, categories=None)
texts = st.one_of(st.text(everything), st.text(st.sampled_from(f"a0df\x00\ud800\udfff\ufffe密{ESCAPE}")))
plain_texts = st.text(st.characters(codec="utf-8", exclude_characters=f"\x00{ESCAPE}"))

NASTIES = [
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\ud83d\ude00",
    ESCAPE,
    f"{ESCAPE}0000",
    f"{ESCAPE * 3}d800",
    "\ufffe\uffff\ufdd0",
    "\x1b[2J\x9b\x7f",
    "a\r\nb\rc ",
    "e\u0301 \u202e \U000e0041",
]


class Apart(SQLModel, registry=registry()):
    """Tables of this test alone, unseen by the desk's schema."""


class Remark(Apart, table=True):
    id: int | None = Field(default=None, primary_key=True)
    body: str = Field(sa_type=RawText)
    answer: str | None = Field(default=None, sa_type=RawText)


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Engine]:
    yield from with_table("sqlite://")


@pytest.fixture
def postgres(pg_empty: str) -> Iterator[Engine]:
    yield from with_table(pg_empty.replace("postgresql://", "postgresql+psycopg://", 1))


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    engine: Engine = request.getfixturevalue(request.param)
    return engine


def with_table(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    Apart.metadata.create_all(engine)
    yield engine
    engine.dispose()


def read_back(engine: Engine, bodies: list[str]) -> list[str]:
    """The bodies as they come out of the database, in the order of writing."""
    with Session(engine) as session:
        session.add_all([Remark(id=number, body=body) for number, body in enumerate(bodies, 1)])
        session.flush()
        session.expire_all()
        return list(session.exec(select(Remark.body).order_by(col(Remark.id))))


@given(texts)
@example(f"{ESCAPE}{ESCAPE}d800")
def test_what_is_encoded_is_decoded(text: str) -> None:
    assert decode_raw(encode_raw(text)) == text


def test_every_character_is_encoded_and_decoded() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert decode_raw(encode_raw(every)) == every


@given(texts)
def test_what_is_encoded_is_utf8_without_nul(text: str) -> None:
    assert b"\x00" not in encode_raw(text).encode("utf-8")


@given(texts, texts)
def test_different_texts_stay_different(left: str, right: str) -> None:
    assert (encode_raw(left) == encode_raw(right)) == (left == right)


@given(plain_texts)
def test_a_plain_text_is_stored_as_it_is_so_that_order_and_search_are_its_own(text: str) -> None:
    assert encode_raw(text) is text


@given(texts, texts)
def test_a_text_side_by_side_with_another_is_encoded_alike(left: str, right: str) -> None:
    assert encode_raw(left + right) == encode_raw(left) + encode_raw(right)


def test_nasties_come_back_to_the_letter(engine: Engine) -> None:
    assert read_back(engine, NASTIES) == NASTIES


def test_every_naughty_string_comes_back_to_the_letter(engine: Engine) -> None:
    if not NAUGHTY.exists():
        pytest.skip(f"the Big List of Naughty Strings is not at {NAUGHTY}")
    lines = NAUGHTY.read_bytes().decode("utf-8").split("\n")
    assert read_back(engine, lines) == lines


@given(st.lists(texts, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_to_the_letter(sqlite: Engine, bodies: list[str]) -> None:
    assert read_back(sqlite, bodies) == bodies


def test_a_raw_text_is_found_by_itself(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([Remark(body=body) for body in NASTIES])
        found = [session.exec(select(Remark.body).where(Remark.body == body)).all() for body in NASTIES]
    assert found == [[body] for body in NASTIES]


def test_no_text_is_not_the_empty_text(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([Remark(body="open"), Remark(body="answered", answer="")])
        answers = session.exec(select(Remark.answer).order_by(Remark.body)).all()
    assert answers == ["", None]


def test_a_value_in_the_text_of_a_query_is_escaped_too(engine: Engine) -> None:
    query = plain_select(literal("a\x00\ud800'b", RawText)).compile(
        engine, compile_kwargs={"literal_binds": True}
    )
    with engine.connect() as connection:
        assert decode_raw(connection.exec_driver_sql(str(query)).scalar_one()) == "a\x00\ud800'b"
