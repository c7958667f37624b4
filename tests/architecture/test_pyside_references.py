"""PySide6 must not steal references: 6.12.0 on Python 3.11 did, and aborted the process after some thousand calls."""

import sys

from PySide6.QtCore import QObject


def test_void_calls_keep_the_references_to_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)

    for _ in range(200):
        thing.setObjectName("x")

    # Others may hold a few more or fewer by now; a stolen reference per call would be 200.
    assert sys.getrefcount(None) > before - 100
