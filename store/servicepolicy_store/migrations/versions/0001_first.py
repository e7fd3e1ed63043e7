"""The first form: scenarios, runs with events and results, keys, policies in force, data sets."""

import sqlalchemy as sa
from alembic import op

from servicepolicy_store.columns import Json, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_key_sha256")),
        comment="Who may ask. The key itself (256 random bits) is nowhere kept.",
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
        comment="A file in the store's folder, named by its content; the row is written after the file.",
    )
    op.create_table(
        "policy_name",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policy_name")),
        comment="A name under which a policy is in force, and its newest version.",
    )
    op.create_table(
        "scenario",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("schema_version", sa.String(length=8), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_scenario")),
        comment="A whole question, canonical (RFC 8785) with all defaults; kept once, never changed.",
    )
    op.create_table(
        "scenario_name",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scenario_name")),
        comment="A planner's name for a scenario, and its newest version.",
    )
    op.create_table(
        "dataset",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("columns", Json, nullable=False),
        sa.Column("findings", Json, nullable=False),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["blob"], ["blob.sha256"], name=op.f("fk_dataset_blob_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
        comment="An uploaded table of order lines, items or customers.",
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("scenario_sha256", sa.String(length=64), nullable=False),
        sa.Column("scenario_name", sa.String(length=120), nullable=True),
        sa.Column("scenario_version", sa.Integer(), nullable=True),
        sa.Column("patch", sa.Text(), nullable=True),
        sa.Column("settings", Json, nullable=False),
        sa.Column("versions", Json, nullable=False),
        sa.Column(
            "question_sha256",
            sa.String(length=64),
            nullable=False,
            comment="Of kind, scenario, settings and versions.",
        ),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column(
            "deadline_at", UtcTime(), nullable=True, comment="When an answer is due, whatever is held then."
        ),
        sa.Column("cancel_asked_at", UtcTime(), nullable=True),
        sa.Column(
            "beat",
            sa.Float(),
            nullable=True,
            comment="Last sign of life, seconds by the clock of the database.",
        ),
        sa.Column("progress", Json, nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("objective", sa.Float(), nullable=True),
        sa.Column("bound", sa.Float(), nullable=True),
        sa.Column("problem", Json, nullable=True),
        sa.Column("cached_from", sa.String(length=36), nullable=True),
        sa.Column("replay_of", sa.String(length=36), nullable=True),
        sa.Column("parent", sa.String(length=36), nullable=True),
        sa.Column("api_key", sa.String(length=36), nullable=True),
        sa.Column("request_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["api_key"], ["api_key.id"], name=op.f("fk_run_api_key_api_key")),
        sa.ForeignKeyConstraint(["cached_from"], ["run.id"], name=op.f("fk_run_cached_from_run")),
        sa.ForeignKeyConstraint(["parent"], ["run.id"], name=op.f("fk_run_parent_run")),
        sa.ForeignKeyConstraint(["replay_of"], ["run.id"], name=op.f("fk_run_replay_of_run")),
        sa.ForeignKeyConstraint(
            ["scenario_sha256"], ["scenario.sha256"], name=op.f("fk_run_scenario_sha256_scenario")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        comment="One question asked: immutable input, and exactly one outcome.",
    )
    op.create_index("ix_run_name", "run", ["scenario_name", "id"], unique=False)
    op.create_index("ix_run_question", "run", ["question_sha256", "state"], unique=False)
    op.create_index("ix_run_state_id", "run", ["state", "id"], unique=False)
    op.create_table(
        "scenario_version",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("parent_name", sa.String(length=120), nullable=True),
        sa.Column("parent_version", sa.Integer(), nullable=True),
        sa.Column(
            "patch",
            sa.Text(),
            nullable=True,
            comment="JSON merge patch (RFC 7396) that made it of its parent.",
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["name"], ["scenario_name.name"], name=op.f("fk_scenario_version_name_scenario_name")
        ),
        sa.ForeignKeyConstraint(
            ["parent_name", "parent_version"],
            ["scenario_version.name", "scenario_version.version"],
            name=op.f("fk_scenario_version_parent_name_scenario_version"),
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["scenario.sha256"], name=op.f("fk_scenario_version_sha256_scenario")
        ),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_scenario_version")),
        comment="The versions of a name; none is ever changed.",
    )
    op.create_table(
        "idempotency",
        sa.Column(
            "owner", sa.String(length=36), nullable=False, comment="The API key, or nil where there is none."
        ),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", Json, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_idempotency_run_id_run")),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_idempotency")),
        comment="What a key was used for: the run it made, or the answer it got.",
    )
    op.create_table(
        "policy_version",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["name"], ["policy_name.name"], name=op.f("fk_policy_version_name_policy_name")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_policy_version_run_id_run")),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_policy_version")),
        comment="Which run's policy was in force under a name.",
    )
    op.create_table(
        "result",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=True, comment="A small result: JSON as it was written."),
        sa.Column("blob", sa.String(length=64), nullable=True, comment="A large table: Parquet."),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["blob"], ["blob.sha256"], name=op.f("fk_result_blob_blob")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_result_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "name", name=op.f("pk_result")),
        comment="What a run found, each by its name: policy, items, ...",
    )
    op.create_table(
        "run_event",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_event_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_event")),
        comment="What happened to a run, in order.",
    )
