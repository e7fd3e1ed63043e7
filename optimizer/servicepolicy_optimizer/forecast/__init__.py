"""What will be ordered: a predictive mean and variance for every item, from lines known on a day."""

from servicepolicy_optimizer.forecast.known_lines import KnownLines
from servicepolicy_optimizer.forecast.prediction import Prediction, predict

__all__ = ["KnownLines", "Prediction", "predict"]
