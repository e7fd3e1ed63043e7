"""What an installation may decide: the only reader of the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the HTTP service, read from environment variables that begin with SERVICEPOLICY_."""

    model_config = SettingsConfigDict(env_prefix="SERVICEPOLICY_", frozen=True, use_attribute_docstrings=True)

    host: str = "127.0.0.1"
    """Address to listen at; only this machine unless you say otherwise."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    """Port to listen at; 0 takes any that is free."""
    data_folder: Path | None = None
    """Folder with files of order lines that scenarios may name; absent: demand comes inline only."""
    max_body_bytes: Annotated[int, Field(gt=0)] = 32_000_000
    """Largest request body."""
    max_items: Annotated[int, Field(gt=0)] = 100_000
    """Most items of inline demand."""
    max_segments: Annotated[int, Field(gt=0)] = 2_000
    """Most segments: customer classes x item classes x regions."""
    solve_seconds: Annotated[float, Field(gt=0)] = 300.0
    """After so long a solve is stopped, whatever it holds."""
    concurrent_solves: Annotated[int, Field(gt=0)] = 2
    """Solves that run at the same time, each in a process of its own."""
    waiting_solves: Annotated[int, Field(ge=0)] = 8
    """Solves that may wait for their turn; those beyond are told to come back."""
    memory_limit: Annotated[str, Field(pattern="^[0-9]+(MB|GB)$")] = "2GB"
    """Memory for reading order lines."""
