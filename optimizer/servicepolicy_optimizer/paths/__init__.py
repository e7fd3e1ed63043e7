"""Service paths: channel × warehouse process × transport mode × shipping frequency, priced and timed."""

from servicepolicy_optimizer.paths.facilities import facility_costs
from servicepolicy_optimizer.paths.offers import WhyNone
from servicepolicy_optimizer.paths.path_set import PathSet, every_path, service_paths
from servicepolicy_optimizer.paths.promise import Rungs

__all__ = ["PathSet", "Rungs", "WhyNone", "every_path", "facility_costs", "service_paths"]
