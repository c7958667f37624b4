"""The command line: a thin skin over the services (cli.md is its contract)."""

from desktop_app.cli.main import main

__all__ = ["main"]
