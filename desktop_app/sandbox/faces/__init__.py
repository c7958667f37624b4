"""The providers the sandbox plays. A new one is one module and one line here; its prefix is its name."""

from collections.abc import Callable, Mapping
from typing import Final

from desktop_app.sandbox.faces.base import Backstage, Face
from desktop_app.sandbox.faces.seven import SevenFace
from desktop_app.sandbox.faces.twilio import TwilioFace
from desktop_app.sandbox.faces.vonage import VonageFace

FACES: Final[Mapping[str, Callable[[Backstage], Face]]] = {
    "seven": SevenFace,
    "twilio": TwilioFace,
    "vonage": VonageFace,
}
