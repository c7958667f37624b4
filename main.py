"""Starts SMS Desk; without a command it opens the window."""

import sys

from desktop_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
