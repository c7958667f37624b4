"""Who takes a wrong entry back waits for its accounts as everybody else does: the one with the lower id first."""

import threading
from decimal import Decimal

from sqlalchemy import text

from desktop_app.storage.engine import make_engine
from tests.fixtures.application import Desk, eventually


def test_while_one_account_is_locked_the_other_one_is_not_held(postgres_desk: Desk) -> None:
    desk = postgres_desk
    desk.application.clients.add("Borealis", actor="anna")
    books = desk.application.credits
    _balance, entry = books.top_up("Borealis", Decimal(600), reason="typed wrong", actor="anna")
    source, client = desk.query(f"SELECT debit_id, credit_id FROM ledger_transfer WHERE id = {entry}")[0]
    assert source < client
    engine, done = make_engine(desk.database_url), threading.Event()

    def take_back() -> None:
        books.take_back("Borealis", entry, Decimal(540), reason="600 for 60", actor="anna")
        done.set()

    worker = threading.Thread(target=take_back, name="take back")
    lock = "SELECT id FROM ledger_account WHERE id = :id FOR UPDATE NOWAIT"
    with engine.connect() as other, other.begin():
        other.execute(text(lock), {"id": source})
        worker.start()
        eventually(lambda: desk.query("SELECT 1 FROM pg_locks WHERE NOT granted"), "the waiting")
        other.execute(text(lock), {"id": client})
    worker.join(20)
    engine.dispose()

    assert done.is_set()
    assert books.balance("Borealis").posted == 60 * 10**6
    desk.assert_sound()
