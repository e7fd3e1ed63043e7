"""What an installation may decide: the only reader of the environment."""

import os
import socket
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the HTTP service, read from environment variables that begin with SERVICEPOLICY_."""

    model_config = SettingsConfigDict(
        env_prefix="SERVICEPOLICY_", frozen=True, use_attribute_docstrings=True, populate_by_name=True
    )

    host: str = "127.0.0.1"
    """Address to listen at; only this machine unless you say otherwise."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    """Port to listen at; 0 takes any that is free."""
    store_folder: Path = Field(default_factory=lambda: Path("~/.local/share/servicepolicy").expanduser())
    """Folder of the store: the SQLite file, and large tables. All processes of one database share it."""
    database_url: Annotated[str | None, Field(validation_alias="DATABASE_URL")] = None
    """Address of a PostgreSQL database; absent: SQLite in the store's folder, and jobs in this process."""
    data_folder: Path | None = None
    """Folder with files of order lines that scenarios may name; absent: demand comes inline only."""
    max_body_bytes: Annotated[int, Field(gt=0)] = 32_000_000
    """Largest request body."""
    max_items: Annotated[int, Field(gt=0)] = 100_000
    """Most items of inline demand."""
    max_upload_bytes: Annotated[int, Field(gt=0)] = 500_000_000
    """Largest file of order lines that may be uploaded."""
    max_unpacked_bytes: Annotated[int, Field(gt=0)] = 4_000_000_000
    """Largest content of a packed upload (Excel), unpacked."""
    max_segments: Annotated[int, Field(gt=0)] = 2_000
    """Most segments: customer classes x item classes x regions."""
    max_sweep_bytes: Annotated[int, Field(gt=0)] = 500_000_000
    """Largest sum of the scenarios of a sweep's points."""
    max_rows: Annotated[int, Field(gt=0)] = 100_000_000
    """Most rows of an uploaded table."""
    max_options: Annotated[int, Field(gt=0)] = 2_000_000
    """Most paths of all segments and stocking options of all item classes, as far as means are named."""
    runs_per_minute_per_key: Annotated[int, Field(ge=0)] = 0
    """Runs that one API key may ask this process for in a minute; 0: as many as it likes."""
    solve_seconds: Annotated[float, Field(gt=0)] = 300.0
    """After so long a solve is stopped, whatever it holds."""
    concurrent_solves: Annotated[int, Field(gt=0)] = 2
    """Runs that one process works on at the same time, each in a process of its own."""
    waiting_solves: Annotated[int, Field(ge=0)] = 8
    """Calls of the short road that may wait for their turn; those beyond are told to come back."""
    waiting_runs: Annotated[int, Field(ge=0)] = 10_000
    """Runs that may wait; those beyond are told to come back."""
    waiting_runs_per_key: Annotated[int, Field(ge=0)] = 2_000
    """Runs of one API key that may wait; those beyond are told to come back."""
    keep_requests_days: Annotated[float, Field(gt=0)] = 7.0
    """So long an Idempotency-Key is remembered."""
    stalled_seconds: Annotated[float, Field(gt=0)] = 30.0
    """A worker on PostgreSQL that is silent for so long is taken for dead, and its runs go to others."""
    drain_seconds: Annotated[float, Field(ge=0)] = 8.0
    """Told to stop, running runs may take so long to end; then they go back into the queue."""
    webhooks_to_loopback: bool = False
    """Whether webhooks may lead to this machine itself, by http too: for trying them out."""
    worker_name: str = Field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}", max_length=80)
    """How this process is called in the ledger of runs."""
    log_format: Annotated[str, Field(pattern="^(json|text)$")] = "text"
    """How the log is written: lines for people, or JSON for programs."""
    recall_bytes: Annotated[int, Field(ge=0)] = 2_000_000_000
    """Most bytes in the store's folder of what runs can compute again: profiles, ladders; 0: none."""
    memory_limit: Annotated[str, Field(pattern="^[0-9]+(MB|GB)$")] = "2GB"
    """Memory for reading order lines."""
