"""The sign-in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignIn:
    """Who asks for the page."""

    title: str = "Sign in"
    lead: str = "This installation asks for an API key, as its HTTP interface does."
    key: str = "API key"
    go: str = "Sign in"
    wrong: str = "This key opens nothing here. Keys begin with sp_; ask whoever runs the installation."
