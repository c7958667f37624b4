"""Where secrets are kept: the system's keyring, else an encrypted vault file, else this session's memory (decisions.md 21).

Nothing else imports ``keyring``. Importing this package is cheap: keyring and cryptography are loaded when first needed.
"""

from desktop_app.secret_store.store import SecretStore, StoreState, Where

__all__ = ["SecretStore", "StoreState", "Where"]
