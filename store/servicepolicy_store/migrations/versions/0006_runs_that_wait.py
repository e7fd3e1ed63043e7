"""Runs that have not ended can be counted without looking at each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of the runs that have not ended, and no others: every new run asks how many there are."""
    unended = sa.text("finished_at IS NULL AND parts IS NULL")
    op.create_index(
        "ix_run_unended", "run", ["part", "api_key"],
        unique=False, sqlite_where=unended, postgresql_where=unended,
    )  # fmt: skip
