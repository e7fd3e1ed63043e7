"""The audit: what each cost, fill rate and response time is, computed a second time from the scenario and the
policy.

Start reading at `judge.py` (the recipe). The definitions stand in `shelf.py`, `stock_cost.py` and
`shortage.py` (stock), `service_cost.py`, `transport_cost.py` and `response_time.py` (paths), `openings.py`
(fixed costs), `promised_fill.py` (promises), and what is asked in `asked.py`.
"""

from servicepolicy_optimizer.audit.judge import Audit, audit

__all__ = ["Audit", "audit"]
