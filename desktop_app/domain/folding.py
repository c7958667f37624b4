"""Names compared as people type them: without case and accents, every Turkish i the same."""

import unicodedata
from typing import Final

# The four letters i of Turkish are one for whoever types a name.
_TURKISH: Final = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


def folded(text: str) -> str:
    """Return ``text`` for comparing."""
    parts = unicodedata.normalize("NFKD", text.translate(_TURKISH).casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(_TURKISH).strip()
