"""How Alembic runs here: on a connection that is handed in, within its transaction."""

from alembic import context

from servicepolicy_store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
