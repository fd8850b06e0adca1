"""The program: `deskterm`, also as `python -m deskterm`."""

import gc
import sys

# imports make a hundred thousand objects and drop none: to look once for garbage among them costs 8 % of a
# start, so a short command ends before it is time to
gc.set_threshold(200_000, 50, 100)


def main() -> int:
    """Run the command line; returns its exit code."""
    from deskterm import cli

    code = cli.main()
    gc.disable()  # or Python looks for garbage once more among all that ends now: another 12 %
    return code


if __name__ == "__main__":
    sys.exit(main())
