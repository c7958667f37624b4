"""Starts SMS Desk: the command line, or without a command the main job on demo data."""

import sys

from desktop_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
