"""Deaths of a run's own process, and deaths of the workers that had it in hand, counted apart."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DEATHS = {
    "process_deaths": "How often its own process died while its worker lived.",
    "worker_deaths": "How often a server or worker died, or fell silent, that had it in hand.",
}


def upgrade() -> None:
    """What is under way begins to count anew: nobody knows who died before."""
    for name, comment in DEATHS.items():
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0", comment=comment)
        op.add_column("run", column)
