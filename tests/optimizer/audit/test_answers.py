"""Answers to small random questions, computed twice by rooms that share only the demand mathematics."""

import pytest

from servicepolicy_models.errors import AuditFailed
from servicepolicy_models.proof import Held
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from tests.optimizer.audit.worlds import world


@pytest.mark.parametrize("seed", range(10))
def test_an_answer_and_its_audit_agree(seed):
    question = world(seed)
    facts = inline_facts(question)
    policy = recommend(question, facts, clock=lambda: 0.0, tell=lambda stage, done, word: None)
    if policy.proof.held is Held.INFEASIBLE:
        assert policy.segments == () and policy.conflicts
        return
    found = audit(question, facts, policy)
    assert [(finding.where, finding.what) for finding in found.differences] == []
    assert found.broken == ()
    assert found.largest_relative_difference < 1e-6
    assert policy.proof.audit_difference == pytest.approx(found.largest_relative_difference, abs=1e-12)


def test_an_answer_to_another_question_is_refused():
    question, other = world(0), world(1)
    policy = recommend(question, inline_facts(question), clock=lambda: 0.0, tell=lambda *_: None)
    with pytest.raises(AuditFailed):
        audit(other, inline_facts(other), policy)
