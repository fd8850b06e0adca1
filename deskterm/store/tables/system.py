"""What keeps the desk honest: settings, receipts of keys, the outbox, marks of imports."""

from deskterm.store.types import Row, instant, key, number, text


class Setting(Row, table=True):
    """A named value; "book" is another number after each change of people, groups and queues."""

    __tablename__ = "settings"

    name: str = text(primary_key=True)
    value: str = text()


class ReceiptTable(Row, table=True):
    """What was answered to an action with a key, so that the same key gets the same answer."""

    __tablename__ = "receipts"

    key: str = text(primary_key=True)
    at: int = instant(0, nullable=False)
    receipt: str = text()  # JSON in ASCII


class Outbox(Row, table=True):
    """A notice that must leave the desk at least once; `key` is its stable id."""

    __tablename__ = "outbox"

    id: int | None = key()
    key: str = text(unique=True)
    kind: str = text()
    ticket_id: int | None = number(foreign_key="tickets.id")
    event_id: int | None = number(foreign_key="events.id")
    to: str = text()
    payload: str = text("{}")
    because: str = text()
    created_at: int = instant(0, nullable=False)
    delivered_at: int | None = instant()
    tries: int = 0


class ImportMark(Row, table=True):
    """How far an import has come; `source` names the file by content and mapping."""

    __tablename__ = "import_marks"

    source: str = text(primary_key=True)
    position: int = number(0)
    done: bool = False
    report: str = text("{}")
