"""The audit: what each cost, fill rate and response time is, computed a second time from the scenario and the
policy.

Start reading at `judge.py` (the recipe). The definitions stand in `shelf.py`, `stock_cost.py` and
`shortage.py` (stock), `service_cost.py`, `transport_cost.py` and `response_time.py` (paths), `openings.py`
(fixed costs), `promised_fill.py` (promises), what a shortage makes
wait in `waiting.py`, and what is asked in `asked.py`.
"""

from servicepolicy_optimizer.audit.judge import Audit, Judged, audit, judged
from servicepolicy_optimizer.audit.waiting import with_waits

__all__ = ["Audit", "Judged", "audit", "judged", "with_waits"]
