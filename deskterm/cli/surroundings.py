"""Surroundings: what one run of the command line stands in: environment, input, output, the user."""

import io
import os
import sys
from collections.abc import Mapping
from typing import BinaryIO

from deskterm.bootstrap import os_user
from deskterm.cli.output import Output
from deskterm.rules.frozen import frozen

__all__ = ["Surroundings"]


@frozen
class Surroundings:
    """Everything a command reads from or writes to outside the desk."""

    environment: Mapping[str, str]
    stdin: BinaryIO
    stdin_is_terminal: bool
    output: Output
    login: str  # the user of the operating system

    @classmethod
    def standard(cls) -> "Surroundings":
        """Those of this process."""
        return cls(
            environment=os.environ,
            stdin=sys.stdin.buffer if sys.stdin else io.BytesIO(),  # None: it was closed before we began
            stdin_is_terminal=bool(sys.stdin) and sys.stdin.isatty(),
            output=Output.standard(),
            login=os_user(),
        )
