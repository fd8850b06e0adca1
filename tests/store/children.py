"""Child processes of these tests: they crowd a desk, and they are killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["DROP_RIGHTS", "ROOT", "run"]

ROOT = Path(__file__).parents[2]

DROP_RIGHTS = """
import os
def drop_rights(user=65534, group=65534):
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
"""
"""Root may do everything: code that tests permissions gives its rights up first."""


def run(code: str, *arguments: object, **environment: str) -> Any:
    """What a Python process prints as JSON that runs `code` with `arguments`; its errors are ours."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
