"""Run by alembic: applies the migrations inside the transaction that `migrate` holds."""

from alembic import context

from feedsvc.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
