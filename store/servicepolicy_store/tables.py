"""The tables. Nothing is changed in place, except the state of a run, the heads of names, and drafts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from servicepolicy_store.columns import Json, UtcTime

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

SHA256 = String(64)
UUID = String(36)
NAME = String(120)

scenario = Table(
    "scenario", metadata,
    Column("sha256", SHA256, primary_key=True),
    Column("schema_version", String(8), nullable=False),
    Column("document", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    comment="A whole question, canonical (RFC 8785) with all defaults; kept once, never changed.",
)  # fmt: skip

scenario_name = Table(
    "scenario_name", metadata,
    Column("name", NAME, primary_key=True),
    Column("head", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    comment="A planner's name for a scenario, and its newest version.",
)  # fmt: skip

scenario_version = Table(
    "scenario_version", metadata,
    Column("name", NAME, ForeignKey("scenario_name.name"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", SHA256, ForeignKey("scenario.sha256"), nullable=False),
    Column("parent_name", NAME),
    Column("parent_version", Integer),
    Column("patch", Text, comment="JSON merge patch (RFC 7396) that made it of its parent."),
    Column("note", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    ForeignKeyConstraint(
        ["parent_name", "parent_version"], ["scenario_version.name", "scenario_version.version"]
    ),
    comment="The versions of a name; none is ever changed.",
)  # fmt: skip

draft = Table(
    "draft", metadata,
    Column("owner", UUID, primary_key=True, comment="The API key, or nil where there is none."),
    Column("name", NAME, ForeignKey("scenario_name.name"), primary_key=True),
    Column("base_version", Integer, nullable=False),
    Column("patch", Text, nullable=False, comment="JSON merge patch (RFC 7396) on that version."),
    Column("changed_at", UtcTime, nullable=False),
    comment="The next version of a name as somebody is writing it; it may be wrong.",
)  # fmt: skip

api_key = Table(
    "api_key", metadata,
    Column("id", UUID, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("sha256", SHA256, nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    comment="Who may ask. The key itself (256 random bits) is nowhere kept.",
)  # fmt: skip

UNENDED = text("finished_at IS NULL AND parts IS NULL")
"""Of runs that are worked on: they wait or are under way."""

run = Table(
    "run", metadata,
    Column("id", UUID, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("scenario_sha256", SHA256, ForeignKey("scenario.sha256"), nullable=False),
    Column("scenario_name", NAME),
    Column("scenario_version", Integer),
    Column("patch", Text),
    Column("settings", Json, nullable=False),
    Column("versions", Json, nullable=False),
    Column("question_sha256", SHA256, nullable=False, comment="Of kind, scenario, settings and versions."),
    Column("seed", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("process_deaths", Integer, nullable=False, server_default="0",
           comment="How often its own process died while its worker lived."),
    Column("worker_deaths", Integer, nullable=False, server_default="0",
           comment="How often a server or worker died, or fell silent, that had it in hand."),
    Column("worker", String(80)),
    Column("created_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("deadline_at", UtcTime, comment="When an answer is due, whatever is held then."),
    Column("cancel_asked_at", UtcTime),
    Column("beat", Float, comment="Last sign of life, seconds by the clock of the database."),
    Column("progress", Json, nullable=False),
    Column("last_event", Integer, nullable=False),
    Column("outcome", String(20)),
    Column("objective", Float),
    Column("bound", Float),
    Column("problem", Json),
    Column("cached_from", UUID, ForeignKey("run.id")),
    Column("replay_of", UUID, ForeignKey("run.id")),
    Column("parent", UUID, ForeignKey("run.id")),
    Column("parts", Integer, comment="Of how many runs it is made; null: it is worked on itself."),
    Column("part", Integer, comment="Its number within its parent."),
    Column("api_key", UUID, ForeignKey("api_key.id")),
    Column("request_id", UUID),
    Index("ix_run_state_id", "state", "id"),
    Index("ix_run_question", "question_sha256", "state"),
    Index("ix_run_name", "scenario_name", "id"),
    Index("ix_run_parent", "parent", "part"),
    Index("ix_run_unended", "part", "api_key", sqlite_where=UNENDED, postgresql_where=UNENDED),
    comment="One question asked: immutable input, and exactly one outcome.",
)  # fmt: skip

run_event = Table(
    "run_event", metadata,
    Column("run_id", UUID, ForeignKey("run.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("data", Json, nullable=False),
    comment="What happened to a run, in order.",
)  # fmt: skip

blob = Table(
    "blob", metadata,
    Column("sha256", SHA256, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    comment="A file in the store's folder, named by its content; the row is written after the file.",
)  # fmt: skip

result = Table(
    "result", metadata,
    Column("run_id", UUID, ForeignKey("run.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("document", Text, comment="A small result: JSON as it was written."),
    Column("blob", SHA256, ForeignKey("blob.sha256"), comment="A large table: Parquet."),
    Column("rows", Integer),
    comment="What a run found, each by its name: policy, items, ...",
)  # fmt: skip

idempotency = Table(
    "idempotency", metadata,
    Column("owner", UUID, primary_key=True, comment="The API key, or nil where there is none."),
    Column("key", String(255), primary_key=True),
    Column("request_sha256", SHA256, nullable=False),
    Column("run_id", UUID, ForeignKey("run.id")),
    Column("status", Integer),
    Column("headers", Json, nullable=False),
    Column("body", LargeBinary),
    Column("created_at", UtcTime, nullable=False),
    comment="What a key was used for: the run it made, or the answer it got.",
)  # fmt: skip

policy_name = Table(
    "policy_name", metadata,
    Column("name", NAME, primary_key=True),
    Column("head", Integer, nullable=False),
    comment="A name under which a policy is in force, and its newest version.",
)  # fmt: skip

policy_version = Table(
    "policy_version", metadata,
    Column("name", NAME, ForeignKey("policy_name.name"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("run_id", UUID, ForeignKey("run.id"), nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    comment="Which run's policy was in force under a name.",
)  # fmt: skip

dataset = Table(
    "dataset", metadata,
    Column("id", UUID, primary_key=True),
    Column("title", NAME, nullable=False),
    Column("format", String(10), nullable=False),
    Column("blob", SHA256, ForeignKey("blob.sha256"), nullable=False),
    Column("rows", Integer),
    Column("columns", Json, nullable=False),
    Column("findings", Json, nullable=False),
    Column("profile", Text),
    Column("created_at", UtcTime, nullable=False),
    comment="An uploaded table of order lines, items or customers.",
)  # fmt: skip

webhook = Table(
    "webhook", metadata,
    Column("id", UUID, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("events", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    comment="Where the end of runs is told.",
)  # fmt: skip

delivery = Table(
    "delivery", metadata,
    Column("id", UUID, primary_key=True),
    Column("webhook", UUID, ForeignKey("webhook.id"), nullable=False),
    Column("run_id", UUID, ForeignKey("run.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("last_status", Integer),
    Index("ix_delivery_due", "state", "due_at"),
    comment="One telling of one run to one webhook.",
)  # fmt: skip
