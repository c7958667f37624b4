"""The pages under /_sandbox: what was accepted, and the scenario in force."""

import json
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.sandbox.prices import PriceBook
from desktop_app.sandbox.wire import Reply, Request
from desktop_app.sandbox.world import World

PREFIX: Final = "/_sandbox"


class ControlPages:
    """Lets a person or a check look behind the scenes.

    Args:
        world: scenario and messages.
        prices: of all countries.
    """

    def __init__(self, world: World, prices: PriceBook) -> None:
        self._world = world
        self._prices = prices

    def answer(self, request: Request) -> Reply:
        """Return the page ``request`` asks for; its path is that below the prefix."""
        match request.method, request.path:
            case "GET", "/messages":
                return Reply.of([message.to_json() for message in self._world.accepted()])
            case "GET", "/scenario":
                return Reply.of(self._world.scenario.to_json())
            case "POST", "/scenario":
                return self._merge(request.body)
        return refusal(404, "not_found", "There is no such page. Try /_sandbox/messages or /_sandbox/scenario.")

    def _merge(self, body: bytes) -> Reply:
        try:
            scenario = self._world.scenario.merge(json.loads(body))
            self._prices.check(scenario)
        except InvalidInput as error:
            return refusal(400, error.code, error.user_message, error.fields)
        except (ValueError, RecursionError):
            return refusal(400, "invalid_input", "The scenario is not a JSON document.")
        self._world.use(scenario)
        return Reply.of(scenario.to_json())


def refusal(status: int, code: str, message: str, fields: dict[str, str] | None = None) -> Reply:
    """Return an answer of the sandbox itself that says what is wrong."""
    return Reply.of({"error": {"code": code, "message": message, "fields": fields or {}}}, status)
