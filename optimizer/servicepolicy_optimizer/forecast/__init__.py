"""What will be ordered: a predictive mean and variance for every item, from lines known on a day."""

from servicepolicy_optimizer.forecast.given import NOTHING_GIVEN, GivenForecasts
from servicepolicy_optimizer.forecast.known_lines import KnownLines
from servicepolicy_optimizer.forecast.prediction import Prediction, predict

__all__ = ["NOTHING_GIVEN", "GivenForecasts", "KnownLines", "Prediction", "predict"]
