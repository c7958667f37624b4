"""The spine: ledger, prices, clients, sender IDs, messages. The statements are frozen in ../sql, one file per database."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """Create all tables, indexes and guards."""
    dialect = op.get_bind().dialect.name
    for part in ("tables", "triggers"):
        text = (_SQL / f"0001_{part}_{dialect}.sql").read_text("utf-8")
        for statement in text.split("\n-- next\n"):
            # Without parameters: psycopg would take the % of the guards' own messages for placeholders.
            op.get_bind().exec_driver_sql(statement, execution_options={"no_parameters": True})
