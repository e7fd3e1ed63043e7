"""Companies that do not exist, from a seed: a wholesaler with order lines, a distributor of any size."""

from servicepolicy_optimizer.synthetic.distributor import Matrix, distributor
from servicepolicy_optimizer.synthetic.wholesaler import Wholesaler, wholesaler

__all__ = ["Matrix", "Wholesaler", "distributor", "wholesaler"]
