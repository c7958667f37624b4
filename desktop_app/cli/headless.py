"""The main job without a window: costs in, markup on, credit checked, messages out, status back, price list exported.

Everything is real but the provider, which is the sandbox over HTTP, and the profile, which is thrown away.
"""

from collections import Counter
from decimal import Decimal
from pathlib import Path

from desktop_app.app import Application, open_on_sandbox
from desktop_app.cli.output import Output, write_answer
from desktop_app.domain.money import micro_text
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.engine.lease import steady_seconds
from desktop_app.sandbox.account import SandboxAccount
from desktop_app.sandbox.server import Sandbox
from desktop_app.services.job import Job
from desktop_app.services.price_exports import ExportOrder, FileFormat
from desktop_app.services.sending import SendOrder

CLIENT = "Aurora Travel"
SENDER = "AURORA"
CREDIT = Decimal(50)
MESSAGES = 40
PATIENCE_SECONDS = 30.0


def run_main_job(output: Output, *, actor: str) -> None:
    """Run it and print the figures of every step."""
    account = SandboxAccount.make()
    sandbox = Sandbox(account.scenario())
    with open_on_sandbox(sandbox, actor) as application:
        figures = _Steps(application, actor, output).run(f"{sandbox.url}/twilio", account)
    if output.as_json:
        output.answer(figures)


class _Steps:
    """The steps in order; each says what it did."""

    def __init__(self, application: Application, actor: str, output: Output) -> None:
        self._application = application
        self._actor = actor
        self._output = output
        self._figures: dict[str, str] = {}

    def run(self, base_url: str, account: SandboxAccount) -> dict[str, str]:
        """Do all of them and return the figures."""
        self._connect(base_url, account)
        self._price()
        self._sell()
        batch_id = self._send()
        self._watch(batch_id)
        self._export(self._application.settings.profile)
        return self._figures

    def _say(self, step: str, figures: str) -> None:
        self._figures[step] = figures
        if not self._output.as_json:
            write_answer(f"{step:<12} {figures}\n")

    def _connect(self, base_url: str, account: SandboxAccount) -> None:
        accounts = self._application.accounts
        accounts.set_service(on=True, actor=self._actor)
        accounts.add_provider(
            "Sandbox", "twilio", base_url=base_url, settings={"account_sid": account.sid}, secret=account.secret, default=True,
            actor=self._actor,
        )  # fmt: skip
        balance = accounts.test("Sandbox", actor=self._actor)
        self._say("provider", f"Sandbox answers, balance {balance.amount} {balance.currency}")
        sync = accounts.sync_costs("Sandbox", actor=self._actor, job=Job())
        self._say("costs", f"{sync.rates} rates of {sync.countries} countries pulled over HTTP")

    def _price(self) -> None:
        rule = PriceRule(RuleKind.MARKUP, 2500)
        change = self._application.pricing.reprice(rule, actor=self._actor)
        germany = next(row for row in change.rows if row.country == "DE" and row.mccmnc is None)
        self._say(
            "prices",
            f"markup 25 %: {len(change.rows)} prices in one change, Germany {micro_text(germany.cost or 0)} -> "
            f"{micro_text(germany.after or 0)} EUR",
        )

    def _sell(self) -> None:
        application = self._application
        application.clients.add(CLIENT, currency="EUR", actor=self._actor)
        application.credits.top_up(CLIENT, CREDIT, reason="demo", actor=self._actor)
        application.sender_ids.request(CLIENT, SENDER, actor=self._actor)
        self._say("client", f"{CLIENT}: {CREDIT} EUR credit, sender ID {SENDER}")

    def _send(self) -> int:
        numbers = [f"+49151{23456000 + number:08d}" for number in range(MESSAGES)]
        order = SendOrder(CLIENT, SENDER, "Grüße aus Kreuzberg, 1 €", numbers, self._actor, "demo")
        sheet = self._application.sending.queue(order)
        batch_id = sheet.batch_id or 0
        self._say(
            "queued",
            f"{sheet.accepted} messages, {sheet.plan.encoding.value}, {sheet.plan.count} segment, "
            f"{micro_text(sheet.total)} {sheet.currency} reserved",
        )
        deadline = steady_seconds() + PATIENCE_SECONDS
        self._application.drain(
            Job(), until=lambda: self._application.is_drained(batch_id) or steady_seconds() > deadline
        )
        balance = self._application.credits.balance(CLIENT)
        self._say("sent", f"credit {micro_text(balance.available)} available, {micro_text(balance.held)} reserved")
        return batch_id

    def _watch(self, batch_id: int) -> None:
        deadline = steady_seconds() + PATIENCE_SECONDS
        job = Job()
        pending = len([0 for number in range(MESSAGES) if number % 10 == 3])
        counts: Counter[str] = Counter()
        while steady_seconds() < deadline:
            self._application.receipts.poll_once(job)
            counts = Counter(row.status.value for row in self._application.delivery.list_messages(batch_id))
            if counts["accepted"] + counts["sent"] <= pending:
                break
            job.wait(0.2)
        self._say("status", ", ".join(f"{count} {status}" for status, count in sorted(counts.items())))

    def _export(self, folder: Path) -> None:
        for kind in FileFormat:
            order, target = ExportOrder(kind), folder / f"prices.{kind}"
            done = self._application.price_files.export(
                target, order, actor=self._application.settings.actor, replace=True
            )
            self._say("price list", f"{done.rows} rows as {kind.value.upper()}")
        report = self._application.credits.verify()
        verdict = "agree" if report.ok else "; ".join(report.problems)
        self._say("audit", f"{report.entries} ledger entries in {report.accounts} accounts {verdict}")
