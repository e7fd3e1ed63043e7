"""The log: structured, with request and run ids, on standard error."""

import logging
import sys

import structlog

SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def log_to_stderr(log_format: str) -> None:
    """Have everything that is logged, by us and by libraries, written in one form: `json` or `text`."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        # Pictures of a traceback take a second in which the service answers nobody, and they show local
        # values: keys of clients among them.
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    inside = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    # The renderer for people shows exceptions by itself.
    shown = [structlog.processors.format_exc_info] if log_format == "json" else []
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=list(SHARED), processors=[inside, *shown, last]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.INFO
    for quiet in ("uvicorn.access", "alembic", "procrastinate"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
