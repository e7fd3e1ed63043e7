"""The screen of scenarios."""

from servicepolicy_api.page.words.english import Scenarios

SCENARIOS = Scenarios(
    title="方案",
    lead="一个方案就是一个完整的问题：需求、分类、承诺、手段、费用和限制。",
)
