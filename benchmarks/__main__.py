"""`python -m benchmarks [--quick] [NAME ...]`: every figure with its aim; exits 0 whatever they are."""

import sys

from benchmarks import (
    calendar,
    importing,
    processes,
    queue,
    routing,
    ruled,
    screens_bytes,
    search,
    sla,
    timer,
    writing,
)

_ALL = {
    "processes": processes.run,
    "queue": queue.run,
    "search": search.run,
    "writing": writing.run,
    "postgres": writing.run_on_postgres,
    "importing": importing.run,
    "screens": screens_bytes.run,
    "calendar": calendar.run,
    "routing": routing.run,
    "sla": sla.run,
    "timer": timer.run,
    "ruled": ruled.run,
}


def main() -> None:
    """Run the named benchmarks, or all."""
    quick = "--quick" in sys.argv
    chosen = [word for word in sys.argv[1:] if not word.startswith("-")] or list(_ALL)
    missed = 0
    for name in chosen:
        print(f"-- {name}")
        for figure in _ALL[name](quick):
            print(figure.line(), flush=True)
            missed += figure.reached is False
    print(f"{missed} of the aims missed" if missed else "every aim reached")


if __name__ == "__main__":
    main()
