from servicepolicy_optimizer.question import Question
def item_level_bound(asked: Question) -> float | None:
    return None
