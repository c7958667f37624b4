"""What a profile has in the keyring: the id it goes by there, and the names of its secrets.

The id is random, not made from the path: so a folder that was moved or restored elsewhere keeps its secrets, and a new
profile at an old path does not find those of its predecessor. A secret whose name is not in the register counts as not in
the keyring, whatever is there: so one that was given up while no keyring answered does not come back.
"""

import json
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from desktop_app.domain.errors import SecretStoreError
from desktop_app.domain.language import tr
from desktop_app.secret_store.files import file_errors, locked, read_if_there, read_settled, write_private

SERVICE: Final = "SMS Desk"
_ID: Final = re.compile("[0-9a-f]{32}")


class Register:
    """The register of one profile, in ``keyring.json``. Any number of threads and processes may use it at once.

    Args:
        folder: the profile; the file is made by the first ``add``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "keyring.json"

    def service(self, name: str) -> str | None:
        """Return the service under which the keyring has ``name``, None when it does not have it.

        Raises:
            SecretStoreError: the file is damaged or cannot be read.
        """
        with file_errors(self._path):
            number, names = self._decode(read_settled(self._path))
        return f"{SERVICE} {number}" if name in names else None

    def add(self, name: str) -> str:
        """Note that the keyring gets ``name`` and return the service to save it under.

        Raises:
            SecretStoreError: the file is damaged or cannot be written.
        """
        with file_errors(self._path), locked(self._folder):
            number, names = self._decode(read_if_there(self._path))
            number = number or secrets.token_hex(16)
            if name not in names:
                self._write(number, {*names, name})
        return f"{SERVICE} {number}"

    def remove(self, name: str) -> None:
        """Note that the keyring does not have ``name`` any more.

        Raises:
            SecretStoreError: see ``add``.
        """
        if self.service(name) is None:
            return
        with file_errors(self._path), locked(self._folder):
            number, names = self._decode(read_if_there(self._path))
            self._write(number, names - {name})

    def _write(self, number: str, names: Iterable[str]) -> None:
        write_private(self._path, json.dumps({"id": number, "names": sorted(names)}, indent=1).encode() + b"\n")

    def _decode(self, raw: bytes | None) -> tuple[str, frozenset[str]]:
        if raw is None:
            return "", frozenset()
        try:
            body = json.loads(raw)
            number, names = body["id"], frozenset(body["names"])
            intact = _ID.fullmatch(number) is not None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._damaged() from error
        if not intact:
            raise self._damaged()
        return number, names

    def _damaged(self) -> SecretStoreError:
        return SecretStoreError(
            tr(
                "The file {file} is damaged; restore it from a backup, or move it away and enter the secrets again.",
                file=self._path,
            )
        )
