"""The services's tests work on a whole application."""

from tests.fixtures.application import bare_desk, desk, open_desk, postgres_desk, sandbox, sqlite_desk

__all__ = ["bare_desk", "desk", "open_desk", "postgres_desk", "sandbox", "sqlite_desk"]
