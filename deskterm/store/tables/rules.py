"""What the rules have done and been: revisions, and the ledger of everything that fired."""

from deskterm.store.types import Row, instant, key, number, text


class RuleRevision(Row, table=True):
    """A rule file as it was activated; `holidays` are the public ones that its calendars were made with."""

    __tablename__ = "rule_revisions"

    id: int | None = key()
    at: int = instant(0, nullable=False)
    agent_id: int | None = number(foreign_key="agents.id")
    event_id: int = number(foreign_key="events.id")
    name: str = text()
    body: str = text()
    holidays: str = text("{}")  # JSON in ASCII


class FiringTable(Row, table=True):
    """An act of the timer, once: its key is taken in the transaction of the act (rules.md section 4)."""

    __tablename__ = "firings"

    key: str = text(primary_key=True)
    ticket_id: int | None = number(foreign_key="tickets.id")
    rule: str = text()
    nominal_at: int = instant(0, nullable=False)
    fired_at: int = instant(0, nullable=False)
    worker: str = text()
    rev: int = number(0)
    outcome: str = text()
