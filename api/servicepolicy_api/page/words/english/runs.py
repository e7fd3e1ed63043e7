"""Runs: how they are called, listed, and told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Runs:
    """The list of runs, and what every screen says of a run."""

    title: str = "Runs"
    lead: str = "Everything that was asked, the newest first. A run never changes once it has ended."
    caption: str = "Runs, the newest first"
    none: str = "Nothing was asked yet that fits."
    all_runs: str = "All runs"
    only: str = "Only: {what}"
    older: str = "Older runs"
    asked_at: str = "Asked at (UTC)"
    what: str = "What"
    about: str = "About"
    state: str = "State"
    cost: str = "Cost a year"
    gap: str = "Gap"
    took: str = "Took (s)"
    solve_new: str = "Solve a scenario"
    unnamed: str = "unnamed scenario, run {id}"
    patched: str = "{name}, changed"
    cached: str = "answered before"
    part: str = "point {n}"
    compared: str = "{n} runs"


@dataclass(frozen=True)
class States:
    """Where a run is, and what it holds: each field is the word of the store."""

    queued: str = "waiting"
    running: str = "running"
    succeeded: str = "done"
    failed: str = "failed"
    cancelled: str = "cancelled"
    optimal: str = "best policy"
    feasible: str = "good policy, not proven best"
    infeasible: str = "infeasible"
    nothing: str = "nothing found"
    done: str = "answered"
    partial: str = "answered in part"
    rejected: str = "no scenario"


@dataclass(frozen=True)
class Kinds:
    """What can be asked: each field is the word of the store."""

    solve: str = "Solve"
    sweep: str = "Sweep"
    simulate: str = "Simulation"
    backtest: str = "Backtest"
    profile: str = "Profile"
    repairs: str = "Repairs"
    prices: str = "Prices"
    frontier: str = "Frontier"
    comparison: str = "Comparison"
    robust: str = "One policy for many futures"
    screening: str = "Which inputs matter"
    classes: str = "Classes"
    qualification: str = "Class moves"


@dataclass(frozen=True)
class Phases:
    """What a run is at: each field is the engine's word, spaces as underscores."""

    start: str = "Start"
    demand: str = "Read the demand"
    paths: str = "Build service paths"
    stock: str = "Compute stock curves"
    columns: str = "Offer stocking options"
    first: str = "A first policy"
    refine: str = "Refine"
    solve: str = "Solve"
    baselines: str = "Baselines"
    bound: str = "Bound"
    audit: str = "Audit"
    waits: str = "Waiting times"
    conflicts: str = "Find contradictions"
    parts: str = "Points"
    points: str = "Points"
    columns_for_points: str = "Prepare points"
    known_policies: str = "Known policies"
    mixtures: str = "Mixtures of both"
    range: str = "Find the range"
    changes: str = "Sets of changes"
    reference: str = "What prices are counted from"
    repairs: str = "Repaired scenarios"
    columns_for_prices: str = "Prepare prices"
    prices: str = "Prices"
    tables: str = "Tables"
    forecast: str = "Forecast"
    calibrate: str = "Calibrate"
    judge: str = "Replay and judge"
    parameters: str = "Item parameters"
