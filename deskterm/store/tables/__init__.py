"""The tables, by subject. Nobody outside the store sees them; queries speak Core, to the lower case names."""

from typing import Any, cast

from sqlalchemy import Table

from deskterm.store.tables.files import BlobTable
from deskterm.store.tables.people import (
    AgentTable,
    ContactAddress,
    ContactOrganization,
    ContactTable,
    GroupMember,
    GroupTable,
    OrganizationDomain,
    OrganizationTable,
    QueueTable,
)
from deskterm.store.tables.rules import FiringTable, RuleRevision
from deskterm.store.tables.system import ImportMark, Outbox, ReceiptTable, Setting
from deskterm.store.tables.tickets import (
    AttachmentTable,
    EventTable,
    MessageTable,
    TicketField,
    TicketTable,
    TicketTag,
    TicketText,
)

__all__ = [
    "agents",
    "attachments",
    "blobs",
    "contact_addresses",
    "contact_organizations",
    "contacts",
    "events",
    "firings",
    "group_members",
    "groups",
    "import_marks",
    "messages",
    "organization_domains",
    "organizations",
    "outbox",
    "queues",
    "receipts",
    "rule_revisions",
    "settings",
    "ticket_fields",
    "ticket_tags",
    "ticket_texts",
    "tickets",
]


def _core(model: Any) -> Table:
    return cast(Table, model.__table__)


agents = _core(AgentTable)
attachments = _core(AttachmentTable)
blobs = _core(BlobTable)
contact_addresses = _core(ContactAddress)
contact_organizations = _core(ContactOrganization)
contacts = _core(ContactTable)
events = _core(EventTable)
firings = _core(FiringTable)
group_members = _core(GroupMember)
groups = _core(GroupTable)
import_marks = _core(ImportMark)
messages = _core(MessageTable)
organization_domains = _core(OrganizationDomain)
organizations = _core(OrganizationTable)
outbox = _core(Outbox)
queues = _core(QueueTable)
receipts = _core(ReceiptTable)
rule_revisions = _core(RuleRevision)
settings = _core(Setting)
ticket_fields = _core(TicketField)
tickets = _core(TicketTable)
ticket_tags = _core(TicketTag)
ticket_texts = _core(TicketText)
