"""The memory: scenarios, runs, jobs, data sets. SQLite in a file, or PostgreSQL."""
