"""The HTTP service, open."""

import uvicorn
from pydantic import ValidationError

from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import ServicePolicyError, error


class SettingsRejected(ServicePolicyError):
    """A setting of this installation is wrong."""

    code = "settings.rejected"


def serve(host: str | None = None, port: int | None = None) -> None:
    """Serve until told to stop; a solve that runs then is waited for. Raises SettingsRejected."""
    settings = _settings()
    # Only now: what is wrong with the settings is told at once.
    from servicepolicy_api.app import create_app

    uvicorn.run(
        create_app(settings),
        host=host or settings.host,
        port=settings.port if port is None else port,
        server_header=False,
        timeout_graceful_shutdown=round(settings.solve_seconds) + 1,
    )


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as rejected:
        prefix = Settings.model_config["env_prefix"]
        findings = []
        for one in rejected.errors(include_url=False):
            name = f"{prefix}{'_'.join(map(str, one['loc']))}".upper()
            mend = "Correct the environment variable, or leave it out."
            findings.append(error(name, f"{one['msg']}.", "settings.rejected", mend))
        raise SettingsRejected(findings) from None
