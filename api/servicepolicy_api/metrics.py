"""How the service is doing, for Prometheus."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        names = ("method", "route", "status")
        self._requests = Counter(
            "servicepolicy_requests", "Requests answered.", names, registry=self._registry
        )
        self._seconds = Histogram(
            "servicepolicy_request_seconds", "Time until the answer began.", ("method", "route"),
            buckets=BUCKETS_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._runs = Gauge("servicepolicy_runs", "Runs in the ledger.", ("state",), registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self, runs_by_state: Mapping[str, int]) -> bytes:
        """All figures in the text form of Prometheus."""
        for state, number in runs_by_state.items():
            self._runs.labels(state).set(number)
        return generate_latest(self._registry)
