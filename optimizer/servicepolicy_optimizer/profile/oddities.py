"""What is odd in the lines but stays demand: codes merged by case, several descriptions, customers in two
regions.
"""

from servicepolicy_models.demand import CleaningRules, MissingCustomer
from servicepolicy_models.errors import note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.tally import Counted

_MISSING = {
    MissingCustomer.KEEP_AS_LOWEST_CLASS: "each order is a customer of its own in the lowest class",
    MissingCustomer.CLASSIFY_BY_ORDER: "each order is a customer of its own and is classified",
}


def oddities(counted: Counted, table: OrderTable, rules: CleaningRules, desk: Workspace) -> list[Finding]:
    """Count and report over the lines that are demand."""
    kept = f"(SELECT * FROM {counted.tally} WHERE step = {counted.kept})"
    found = desk.connection.execute(
        f"""
        SELECT
            (SELECT count(*) FROM (
                SELECT customer FROM {counted.customer_regions} JOIN {counted.customers} USING (customer)
                WHERE code IS NOT NULL GROUP BY customer HAVING count(DISTINCT region) > 1
            )),
            (SELECT count(*) FROM (
                SELECT item FROM {kept} GROUP BY item HAVING count(DISTINCT description) > 1
            )),
            (SELECT count(DISTINCT recorded_item) - count(DISTINCT item) FROM {kept})
        """
    ).fetchall()[0]
    in_two_regions, described_twice, merged = found
    findings = []
    if merged:
        findings.append(
            note(
                "order lines",
                f"{merged:,} item codes differ from another only in letter case.",
                "demand.code_case",
                merged,
            )
        )
    if described_twice:
        what = f"{described_twice:,} items have more than one description; the most frequent is shown."
        findings.append(note("order lines", what, "demand.descriptions", described_twice))
    if in_two_regions:
        what = f"{in_two_regions:,} customers order from two regions or more; each line keeps its own region."
        findings.append(note("order lines", what, "demand.customer_regions", in_two_regions))
    if table.has("customer") and rules.missing_customer is not MissingCustomer.DROP:
        findings += _missing_customers(counted, rules, desk)
    return findings


def _missing_customers(counted: Counted, rules: CleaningRules, desk: Workspace) -> list[Finding]:
    count, share = desk.connection.execute(
        "SELECT CAST(coalesce(sum(lines) FILTER (code IS NULL), 0) AS BIGINT), "
        "coalesce(sum(lines) FILTER (code IS NULL), 0) / sum(lines) "
        f"FROM {counted.customer_regions} JOIN {counted.customers} USING (customer)"
    ).fetchall()[0]
    if not count:
        return []
    what = f"{count:,} lines ({share:.1%}) name no customer; {_MISSING[rules.missing_customer]}."
    mend = "Fill in the customers, or choose another rule in demand.cleaning.missing_customer."
    return [warning("order lines", what, "demand.missing_customer", mend, count)]
