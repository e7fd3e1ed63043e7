"""Order lines drawn from the figures and from the record have the figures they must have."""

import numpy as np
import pytest

from servicepolicy_models.scenario import Scenario
from servicepolicy_models.simulation import DemandMode, SimulationSettings
from servicepolicy_optimizer.demand_reading import DemandFiles
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.simulate import read_recorded, simulate
from servicepolicy_optimizer.simulate.assumed import assumed_demand, drawn_lines
from servicepolicy_optimizer.simulate.recorded import bootstrapped, replayed
from servicepolicy_optimizer.simulate.sizes import drawn_sizes
from servicepolicy_optimizer.simulate.stages import gamma_by_moments
from servicepolicy_optimizer.simulate.world import world
from tests.optimizer.simulate.small_question import document, put_to, question

DRAWS = 200_000


@pytest.mark.parametrize(
    ("mean", "second"),
    [
        *((1.0, 1.0), (4.0, 16.0), (4.0, 17.5), (2.3, 5.6), (2.5, 6.25)),
        *((5.0, 60.0), (1.2, 3.0), (0.4, 0.5), (40.0, 9_000.0)),
    ],
)  # fmt: skip
def test_sizes_keep_both_moments(mean, second):
    rng = np.random.default_rng(1)
    sizes = drawn_sizes(np.full(DRAWS, mean), np.full(DRAWS, second), rng)
    fraction = mean - np.floor(mean)
    least = mean**2 + (fraction * (1 - fraction) if mean >= 1 else 0.0)  # of whole numbers
    exact = max(second, least)
    spread = (sizes**2).std() / np.sqrt(DRAWS)
    assert sizes.mean() == pytest.approx(mean, abs=4 * sizes.std() / np.sqrt(DRAWS) + 1e-12)
    assert (sizes**2).mean() == pytest.approx(exact, abs=4 * spread + 1e-9)
    if mean >= 1:
        assert (sizes >= 1).all() and (sizes == np.floor(sizes)).all()


def test_times_keep_mean_and_deviation():
    drawn = gamma_by_moments(np.full(DRAWS, 9.0), np.full(DRAWS, 2.5), np.random.default_rng(1))
    assert (drawn.mean(), drawn.std()) == (pytest.approx(9.0, abs=0.03), pytest.approx(2.5, abs=0.03))


@pytest.mark.parametrize("stock_policy", ["pooled", "separate"])
def test_drawn_demand_has_the_mean_and_the_variance_of_the_figures(stock_policy):
    """Each shelf's daily demand, covariances between its customers included."""
    given = document(stock_policy, (3.0, 15.0))
    for item in given["demand"]["items"]:
        for pool in item["demand"]:
            pool["variance_pieces2_per_day"] = 2.5 * 15.0 * pool["lines_per_day"]
    asked = put_to(given, question(stock_policy, (3.0, 15.0)).policy)
    days = 20_000
    shelves = world(asked.scenario, asked.facts, asked.policy)
    demand = assumed_demand(asked.scenario, shelves)
    came = drawn_lines(demand, shelves, float(days), np.random.default_rng(1))
    count = shelves.item.size
    cell = came.lines.shelf * days + came.lines.time_days.astype(int)
    daily = np.bincount(cell, came.lines.pieces, count * days).reshape(count, days)
    atoms = shelves.shelf_of[shelves.item] == np.arange(count)[:, None]
    mean = (asked.facts.items.pieces_per_day[shelves.item] * atoms).sum(axis=1)
    pairs = atoms[:, :, None] & atoms[:, None, :]
    variance = (asked.facts.items.covariance_pieces2_per_day[shelves.item] * pairs).sum(axis=(1, 2))
    assert (np.abs(daily.mean(axis=1) - mean) < 4.5 * np.sqrt(variance / days)).all()
    ratio = daily.var(axis=1) / variance
    assert ratio.mean() == pytest.approx(1.0, abs=0.05)
    assert (np.abs(ratio - 1.0) < 0.5).all()


def test_drawn_orders_have_as_many_lines_as_the_figures_say():
    given = document()
    given["demand"]["segments"] = [
        {"customer_class": "A", "item_class": item_class, "region": "north", "orders_per_year": 40.0}
        for item_class in ("X", "Y")
    ]
    asked = put_to(given, question().policy)
    shelves = world(asked.scenario, asked.facts, asked.policy)
    demand = assumed_demand(asked.scenario, shelves)
    came = drawn_lines(demand, shelves, 20_000.0, np.random.default_rng(1))
    for atom, lines_per_order in enumerate(demand.lines_per_order):
        lines = came.order[came.atom == atom]
        assert lines.size / np.unique(lines).size == pytest.approx(lines_per_order, rel=0.06)
    assert demand.lines_per_order[0] > 3 * demand.lines_per_order[1] == 3


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A generated wholesaler: scenario, facts, lines, policy."""
    from servicepolicy_api.wholesaler_files import write_wholesaler
    from servicepolicy_models.reading import read_scenario

    folder = tmp_path_factory.mktemp("wholesaler")
    scenario = read_scenario(write_wholesaler(folder, 5, 30, 12, 2_500).read_bytes())
    facts, lines = read_recorded(scenario, scenario.demand, DemandFiles(folder))
    coarse = scenario.limits.model_copy(update={"rungs": 6, "price_levels": 4})
    scenario = scenario.model_copy(update={"limits": coarse})
    policy = recommend(scenario, facts, lambda: 0.0, lambda *_: None)
    return scenario, facts, lines, policy


def test_the_record_has_the_figures_of_the_facts(recorded):
    scenario, facts, lines, _ = recorded
    assert isinstance(scenario, Scenario)
    shape = facts.items.pieces_per_day.shape
    place = lines.item * shape[1] + lines.atom
    pieces = np.bincount(place, lines.pieces, shape[0] * shape[1]).reshape(shape)
    assert pieces / lines.days == pytest.approx(facts.items.pieces_per_day)
    orders = facts.segments.orders_per_year.sum() * lines.days / scenario.days_per_year
    assert np.unique(lines.order).size == pytest.approx(orders)
    assert (np.diff(lines.day) >= 0).all()
    assert ((lines.hour_share > 0) & (lines.hour_share < 1)).all()


def test_a_replay_brings_every_line_once(recorded):
    scenario, facts, lines, policy = recorded
    shelves = world(scenario, facts, policy)
    came = replayed(lines, shelves)
    assert sorted(came.lines.pieces.tolist()) == sorted(lines.pieces.tolist())
    assert np.floor(came.lines.time_days).max() == lines.day.max()
    for number in np.unique(came.order)[:50]:
        assert np.unique(came.lines.time_days[came.order == number]).size == 1


def test_blocks_are_runs_of_recorded_days_on_their_weekdays(recorded):
    scenario, facts, lines, policy = recorded
    shelves = world(scenario, facts, policy)
    by_day = {}
    for day, pieces in zip(lines.day, lines.pieces, strict=True):
        by_day.setdefault(int(day), []).append(float(pieces))
    came = bootstrapped(lines, shelves, 1_500.0, 14, np.random.default_rng(3))
    drawn = {}
    for time, pieces in zip(came.lines.time_days, came.lines.pieces, strict=True):
        drawn.setdefault(int(time), []).append(float(pieces))
    weekdays = {}
    like = {}
    for day, pieces in by_day.items():
        like.setdefault(tuple(sorted(pieces)), set()).add(day % 7)
    for day, pieces in drawn.items():
        found = like[tuple(sorted(pieces))]
        weekdays.setdefault(day % 7, []).append(found)
    for found in weekdays.values():
        # Days that nothing else looks like tell which weekday of the record lies here: always the same.
        assert len({next(iter(one)) for one in found if len(one) == 1}) == 1


def test_blocks_keep_the_mean(recorded):
    scenario, facts, lines, policy = recorded
    shelves = world(scenario, facts, policy)
    rng = np.random.default_rng(4)
    totals = [bootstrapped(lines, shelves, 700.0, 14, rng).lines.pieces.sum() / 700.0 for _ in range(60)]
    error = np.std(totals) / np.sqrt(len(totals))
    assert np.mean(totals) == pytest.approx(lines.pieces.sum() / lines.days, abs=4 * error)


@pytest.mark.parametrize("mode", list(DemandMode))
def test_every_mode_plays_the_same_policy(recorded, mode):
    scenario, facts, lines, policy = recorded
    found = simulate(scenario, facts, policy, SimulationSettings(demand=mode, runs=3, years=1.0), lines)
    assert found.settings.demand is mode
    assert found.service.unit_fill_rate.mean > 0.6
    asked = sum(item.demand_pieces_per_year for item in policy.items)
    assert found.service.pieces_per_year.mean == pytest.approx(asked, rel=0.3)
    if mode is DemandMode.REPLAY:
        assert found.measured_days < lines.days
        assert found.service.pieces_per_year.half_width == 0.0


def test_a_record_shorter_than_a_block_is_refused(recorded):
    from servicepolicy_models.errors import SimulationRejected

    scenario, facts, lines, policy = recorded
    for settings, rule in (
        ({"demand": "bootstrap", "block_days": 3_000}, "simulation.long_block"),
        ({"demand": "replay", "warm_up_days": lines.days - 1}, "simulation.too_short"),
    ):
        with pytest.raises(SimulationRejected) as refused:
            simulate(scenario, facts, policy, SimulationSettings.model_validate(settings), lines)
        assert [one.rule for one in refused.value.findings] == [rule]
