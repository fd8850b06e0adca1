"""The program: `deskterm`, also as `python -m deskterm`."""

import gc
import sys

# imports make objects by the ten thousand and drop none: looking for garbage meanwhile costs 15 % of a start
gc.set_threshold(100_000, 50, 100)


def main() -> int:
    """Run the command line; returns its exit code."""
    from deskterm import cli

    code = cli.main()
    gc.disable()  # or Python looks for garbage once more among all that ends now: another 12 %
    return code


if __name__ == "__main__":
    sys.exit(main())
