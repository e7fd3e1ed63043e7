"""Drafts of scenarios."""

import sqlalchemy as sa
from alembic import op

from servicepolicy_store.columns import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "draft",
        sa.Column(
            "owner", sa.String(length=36), nullable=False, comment="The API key, or nil where there is none."
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("patch", sa.Text(), nullable=False, comment="JSON merge patch (RFC 7396) on that version."),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["scenario_name.name"], name=op.f("fk_draft_name_scenario_name")),
        sa.PrimaryKeyConstraint("owner", "name", name=op.f("pk_draft")),
        comment="The next version of a name as somebody is writing it; it may be wrong.",
    )
