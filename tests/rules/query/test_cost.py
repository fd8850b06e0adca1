"""Reading a query is on the way of every command: it imports no more than it needs."""

import subprocess
import sys

HEAVY = {"zoneinfo", "difflib", "datetime", "decimal", "unittest", "logging", "asyncio"}


def test_reading_a_query_imports_nothing_heavy() -> None:
    code = "import sys, deskterm.rules.query as q; q.parse('is:open tag:vpn due<4h'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(run.stdout.split()) == set()
