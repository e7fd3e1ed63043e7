"""What happens in the process of one solve."""

import logging
from multiprocessing.connection import Connection

from servicepolicy_api.answering import answer
from servicepolicy_api.question import Question
from servicepolicy_models.errors import ServicePolicyError

log = logging.getLogger(__name__)


def solve(told: Connection, asked: Question, with_items: bool, request_id: str) -> None:
    """Solve one scenario and send the policy as JSON bytes, or the error, or None for what nobody foresaw."""
    try:
        policy = answer(asked.scenario, asked.files, _nobody_listens)
        added = {"findings": (*asked.remarks, *policy.findings)} | ({} if with_items else {"items": ()})
        told.send(policy.model_copy(update=added).model_dump_json().encode())
    except ServicePolicyError as failed:
        log.info("request %s: %s", request_id, failed)
        told.send((type(failed), failed.findings))
    except Exception:
        log.exception("request %s failed", request_id)
        told.send(None)


def _nobody_listens(stage: str, done: float, word: str) -> None:
    pass
