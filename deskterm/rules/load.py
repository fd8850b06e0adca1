"""Load: how much work an agent has; the weights of the open tickets whose clocks may run."""

from deskterm.rules.facts import Book, Ticket

__all__ = ["load_of", "weigh"]


def load_of(ticket: Ticket, book: Book) -> int:
    """The weight of `ticket` for its assignee; 0 once it is solved, and while it waits without a clock."""
    return weigh(book, ticket.status, ticket.priority, ticket.channel, ticket.policy)


def weigh(book: Book, status: str, priority: str, channel: str, policy: str) -> int:
    """The same by what matters of a ticket."""
    if not book.terms.is_open(status):
        return 0
    rules = book.rules
    if rules is None or rules.rev == 0:
        return 0 if status == "pending" else 1
    known = rules.policy(policy)
    if known is not None and status in known.pause.get("resolution", ()):
        return 0  # it is nobody's turn while the requester has to answer
    return rules.capacity.weight(priority, channel)
