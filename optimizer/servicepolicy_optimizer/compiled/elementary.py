"""Logarithm and exponential without a branch or a call: so that a loop over levels takes several at once.

After fdlibm's e_log.c and e_exp.c (Sun Microsystems, 1993): within 2 units in the last place over what
shelves ask, which is positive normal numbers.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from servicepolicy_optimizer.compiled.machine_code import machine_code

LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""log 2 in two parts; whole multiples of the first are exact."""
LOG2_E = 1.44269504088896338700e00
ROUND = 6755399441055744.0
"""1.5 * 2^52: added to a number it leaves the nearest whole one in the lowest bits."""
LOWEST_EXPONENT = -700.0
MANTISSA_BITS, BIAS = 52, 1023
HALF_OF_ROOT_TWO = 0x3FE6A09E00000000
"""Bits of about sqrt(1/2), where a mantissa begins."""
BITS_OF_ROUND = 0x4338000000000000


def _same_bits(given: Any, wanted: Any, of_machine: ir.Type) -> Any:
    """A number taken for what its bits say in another type: one that a compiled function can call."""

    def typed(context: Any, number: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], of_machine)

        return wanted(given), build

    return intrinsic(typed)


bits_of: Callable[[float], int] = _same_bits(types.float64, types.int64, ir.IntType(64))
double_of: Callable[[int], float] = _same_bits(types.int64, types.float64, ir.DoubleType())


@machine_code
def exponential(x: float) -> float:
    """e^x for x up to 700; what is below -700 counts as that.

    >>> round(exponential(1.0), 14), exponential(-2000.0) < 1e-300
    (2.71828182845905, True)
    """
    x = max(x, LOWEST_EXPONENT)
    shifted = x * LOG2_E + ROUND
    times = shifted - ROUND
    r = (x - times * LN2_HIGH) - times * LN2_LOW
    r2 = r * r
    p = -1.65339022054652515390e-06 + r2 * 4.13813679705723846039e-08
    p = 1.66666666666666019037e-01 + r2 * (
        -2.77777777770155933842e-03 + r2 * (6.61375632143793436117e-05 + r2 * p)
    )
    c = r - r2 * p
    power = double_of((bits_of(shifted) + BIAS) << MANTISSA_BITS)
    return float((1.0 + (r * c / (2.0 - c) + r)) * power)


@machine_code
def logarithm(x: float) -> float:
    """log x for x from 1e-300.

    >>> logarithm(1.0), round(logarithm(10.0), 14)
    (0.0, 2.30258509299405)
    """
    bits = bits_of(x)
    exponent = (bits - HALF_OF_ROOT_TWO) >> MANTISSA_BITS
    k = double_of(exponent + BITS_OF_ROUND) - ROUND
    f = double_of(bits - (exponent << MANTISSA_BITS)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = 1.818357216161805012e-01 + w * 1.479819860511658591e-01
    odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * odd))
    half = 0.5 * f * f
    return float(k * LN2_HIGH - ((half - (s * (half + (even + odd)) + k * LN2_LOW)) - f))
