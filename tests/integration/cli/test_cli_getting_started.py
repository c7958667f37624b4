"""docs/getting-started.md says what works: its commands are run as they stand there."""

import re
import shlex

from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import ROOT, CommandLine

PLACE = "http://127.0.0.1:8100"


def _documented_commands() -> list[list[str]]:
    """Return the words of each `sms-desk` line of the walk from cost to delivery; what is piped in comes first."""
    text = (ROOT / "docs" / "getting-started.md").read_text("utf-8")
    walk = text.partition("Then, in another terminal")[2].partition("```")[2].partition("```")[0]
    lines = walk.replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if re.match(r"(echo \S+ \| )?sms-desk ", line)]


def test_the_walk_from_cost_to_delivery(desk: CommandLine) -> None:
    commands = _documented_commands()
    assert len(commands) > 15
    with Sandbox() as provider:
        for words in commands:
            piped, _, command = (" ".join(words)).rpartition("sms-desk ")
            stdin = piped.removeprefix("echo ").removesuffix(" | ") + "\n"
            arguments = [word.replace(PLACE, provider.url) for word in words[words.index("sms-desk") + 1 :]]
            answer = desk.run(*arguments, stdin=stdin if piped else "")
            assert (answer.code, answer.err) == (0, ""), command

    assert [row["status"] for row in desk.ok("messages", "list")["rows"]] == ["delivered"]
