"""The parts of the cost, and the policies it is compared with."""

from servicepolicy_api.page.words.english import Costs, KnownPolicies, Means

COSTS = Costs(
    response="响应",
    inventory="库存",
    supply="供应",
    transport="运输",
    warehousing="仓储",
    lost_sales="失销",
)
KNOWN_POLICIES = KnownPolicies(
    this_policy="本策略",
    current_policy="目前的做法",
    policy_in_force="目前的做法",
    one_size_strictest="统一承诺（最严）",
    one_size_average="统一承诺（平均）",
    unconstrained="不作承诺",
    no_promises="不作承诺",
)
MEANS = Means(
    segment="细分",
    promised_fill_rate="承诺满足率",
    promised_response_hours="承诺响应时间",
    channel="订单渠道",
    process="作业流程",
    mode="运输方式",
    frequency="发运频率",
    supply="供应方式",
    deployment="库存布局",
    stock_policy="货架",
    pooled="共用",
    separate="分开",
    rationed="分级保留",
)
