"""What the screens of runs draw: progress, policies, their costs, their differences."""
