"""Runs that are made of runs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A run knows how many parts it has, and a part its number."""
    parts = "Of how many runs it is made; null: it is worked on itself."
    op.add_column("run", sa.Column("parts", sa.Integer(), nullable=True, comment=parts))
    op.add_column(
        "run", sa.Column("part", sa.Integer(), nullable=True, comment="Its number within its parent.")
    )
    op.create_index("ix_run_parent", "run", ["parent", "part"], unique=False)
