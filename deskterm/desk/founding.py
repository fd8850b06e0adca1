"""Founding: an empty desk gets its first admin, one group and one queue, so that it works at once."""

from deskterm.desk import Desk
from deskterm.rules.facts import SYSTEM

__all__ = ["FIRST_GROUP", "FIRST_QUEUE", "found"]

FIRST_GROUP = "service-desk"
FIRST_QUEUE = "triage"


def found(desk: Desk, login: str, name: str = "") -> bool:
    """Make `login` the admin of a desk nobody works at yet; False when somebody already does.

    Each step has a key: two who start at the same time found one desk, and the first of them is its admin.
    """
    if desk.book().agents:
        return False
    from deskterm.rules.actions import AddAgent, AddGroup, AddQueue  # once in the life of a desk

    steps = (
        ("found/admin", AddAgent(login=login, name=name, role="admin")),
        ("found/group", AddGroup(name=FIRST_GROUP, title="Service desk", members=(login,), leads=(login,))),
        ("found/queue", AddQueue(name=FIRST_QUEUE, title="Triage", group=FIRST_GROUP)),
    )
    receipts = [desk.perform(action, SYSTEM, key=key) for key, action in steps]
    return not receipts[0].replayed
