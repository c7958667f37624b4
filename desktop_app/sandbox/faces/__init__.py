"""The providers the sandbox plays. A new one is one module and one line here; its prefix is its name."""

from collections.abc import Callable, Mapping
from typing import Final

from desktop_app.sandbox.faces.base import Backstage, Face
from desktop_app.sandbox.faces.twilio import TwilioFace

FACES: Final[Mapping[str, Callable[[Backstage], Face]]] = {
    "twilio": TwilioFace,
}
