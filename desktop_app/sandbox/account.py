"""An account at the sandbox, made anew for each run."""

import secrets
from dataclasses import dataclass

from desktop_app.sandbox.scenario import Scenario


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """What the sandbox's Twilio asks of whoever comes.

    Attributes:
        sid: names the account.
        secret: its auth token.
    """

    sid: str
    secret: str

    @classmethod
    def make(cls) -> "SandboxAccount":
        """Return an account that nobody else knows."""
        return cls(f"AC{secrets.token_hex(16)}", secrets.token_hex(16))

    def scenario(self) -> Scenario:
        """Return a provider that lets only this account in, with 250 EUR on it."""
        return Scenario.from_json(
            {"currency": "EUR", "balance": "250", "credentials": {"twilio": [self.sid, self.secret]}}
        )
