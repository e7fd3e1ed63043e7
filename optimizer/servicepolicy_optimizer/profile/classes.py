"""Classes of customers and items: ranked by a measure and cut, or given; deterministic to the last tie."""

from dataclasses import dataclass

from servicepolicy_models.errors import error, note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.segmentation import Classification, CutBy, Measure
from servicepolicy_optimizer.intake.examples import first_codes, listed
from servicepolicy_optimizer.intake.sql import listed_values, rows_of, text
from servicepolicy_optimizer.intake.workspace import Workspace

ROUNDING = 1e-12
"""A cumulated share this near a cut-off has reached it."""


@dataclass(frozen=True)
class Ranked:
    """One side of the matrix, ready to be cut: `table` has (number, code, measure, given, ranked).

    `number` is the dense number, `code` names and breaks ties, `given` is the class from a table or NULL, and
    what is not `ranked` falls into the lowest class.
    """

    table: str
    side: str
    """`customers` or `items`."""
    code_upper_case: bool = False


def classify(ranked: Ranked, classification: Classification, desk: Workspace) -> tuple[str, list[Finding]]:
    """Return a table (number, class) with the class's index, and findings.

    One is ranked by measure (highest first), then by code. It belongs to the class in which its lower edge
    lies: the cumulated share of count (or of the measure) of those *before* it is below the class's cut-off.
    So no class is empty as long as there are enough to rank, and whoever crosses 80 % of the value still
    belongs to the first 80 %. Negative measures count as zero in a share of value.
    """
    table = desk.fresh("class_of")
    lowest = len(classification.classes) - 1
    if classification.measure is Measure.NONE:
        chosen, findings = "0", list[Finding]()
    elif classification.measure is Measure.GIVEN:
        chosen, findings = _given(ranked, classification, desk)
    else:
        chosen, findings = _cut(classification), []
    codes, wanted, unknown = _overrides(ranked, classification, desk)
    override = rows_of({"code": "VARCHAR", "wanted": "INTEGER"}, list(zip(codes, wanted, strict=True)))
    desk.connection.execute(
        f"""
        CREATE TABLE {table} AS
        WITH share AS (
            SELECT *, row_number() OVER best - 1 AS before_count, count(*) OVER () AS all_count,
                sum(greatest(measure, 0)) OVER best - greatest(measure, 0) AS before_value,
                sum(greatest(measure, 0)) OVER () AS all_value
            FROM {ranked.table} WHERE ranked
            WINDOW best AS (ORDER BY measure DESC, code ROWS UNBOUNDED PRECEDING)
        )
        SELECT every.number, CAST(coalesce(override.wanted, share.chosen, {lowest}) AS INTEGER) AS class
        FROM {ranked.table} AS every
        LEFT JOIN (SELECT number, {chosen} AS chosen FROM share) AS share USING (number)
        LEFT JOIN {override} AS override ON override.code = every.code AND every.ranked
        """
    )
    return table, [*findings, *unknown]


def _cut(classification: Classification) -> str:
    """The SQL expression of the class: how many cut-offs the share before has reached."""
    if not classification.cut_offs:
        return "0"
    by_count = classification.cut_by is CutBy.COUNT
    before = "before_count / all_count" if by_count else "coalesce(before_value / nullif(all_value, 0), 0)"
    return " + ".join(f"CAST({before} >= {cut!r} - {ROUNDING} AS INTEGER)" for cut in classification.cut_offs)


def _given(ranked: Ranked, classification: Classification, desk: Workspace) -> tuple[str, list[Finding]]:
    """The SQL expression of a class given by a table, and what the table does not know."""
    names = list(classification.classes)
    pointer = f"/segmentation/{ranked.side}/classes"
    findings = []
    strange = desk.connection.execute(
        f"SELECT given, count(*) FROM {ranked.table} "
        f"WHERE given IS NOT NULL AND given NOT IN {listed_values(names)} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if strange:
        unknown = listed([repr(name) for name, _ in strange], len(strange))
        what = f"the table names classes that the scenario does not have: {unknown}."
        mend = f"Correct the table, or add them to the classes {names}."
        findings.append(
            error(pointer, what, "segmentation.unknown_class", mend).model_copy(
                update={"count": sum(n for _, n in strange)}
            )
        )
    missing, examples = first_codes(desk, f"{ranked.table} WHERE given IS NULL AND ranked")
    if missing:
        shown = listed(examples, missing)
        what = f"{missing} {ranked.side} without a given class fall into {names[-1]}: {shown}."
        mend = "Give their class in the table."
        findings.append(warning(pointer, what, "segmentation.no_class", mend, missing))
    cases = " ".join(f"WHEN {text(name)} THEN {number}" for number, name in enumerate(names))
    return f"CASE given {cases} END", findings


def _overrides(
    ranked: Ranked, classification: Classification, desk: Workspace
) -> tuple[list[str], list[int], list[Finding]]:
    """Overrides as two lists, and those that name nobody with demand."""
    index = {name: number for number, name in enumerate(classification.classes)}
    codes = [
        code.strip().upper() if ranked.code_upper_case else code.strip() for code in classification.overrides
    ]
    wanted = [index[name] for name in classification.overrides.values()]
    if not codes:
        return [], [], []
    known = {
        row[0]
        for row in desk.connection.execute(
            f"SELECT DISTINCT code FROM {ranked.table} WHERE ranked AND code IN {listed_values(codes)}"
        ).fetchall()
    }
    findings: list[Finding] = []
    if absent := sorted(set(codes) - known):
        what = f"overrides name {ranked.side} without demand: {listed(absent, len(absent))}."
        where = f"/segmentation/{ranked.side}/overrides"
        findings.append(
            warning(where, what, "segmentation.override_unused", "Correct or remove them.", len(absent))
        )
    if known:
        what = f"{len(known):,} {ranked.side} were put into a class by hand."
        findings.append(
            note(f"/segmentation/{ranked.side}/overrides", what, "segmentation.override", len(known))
        )
    return codes, wanted, findings
