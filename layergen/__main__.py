"""The program: `layergen`, or `python -m layergen`.

It hears Ctrl-C before it imports what takes time.
"""

from __future__ import annotations

from layergen import interrupts


def main() -> None:
    """Run the command line of this process, which ends with it."""
    try:
        interrupts.watch()
        from layergen import cli

        cli.main()
    except interrupts.Interrupted:
        interrupts.stop()


if __name__ == "__main__":
    main()
