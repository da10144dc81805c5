"""Exact products and quotients of 64-bit amounts."""

from typing import Final

from server.engine.kernel.records import MAX_CASH, AssetRecord, TermsRecord

RATE_SCALE: Final = 10**9
"""Commission rates and shares of equity are whole numbers of 1e-9, so that products stay exact."""
LEVERAGE_SCALE: Final = 1000
RATE: Final = 0
PER_ORDER: Final = 1
PER_UNIT: Final = 2

_SMALL: Final = 2**31


def part_of(amount: int, numerator: int, denominator: int) -> int:
    """`amount` × `numerator` // `denominator`, exact where the product leaves 64 bits; clamped to ±2**62.

    `numerator` ≥ 0, `denominator` > 0. The product of the remainder is found bit by bit where it would not fit.
    """
    whole = amount // denominator
    rest = amount % denominator
    if numerator > 0 and (whole > MAX_CASH // numerator or whole < -(MAX_CASH // numerator)):
        return 2 * MAX_CASH if whole > 0 else -2 * MAX_CASH
    if rest < _SMALL and numerator < _SMALL:
        return whole * numerator + rest * numerator // denominator
    quotient = 0
    left = 0
    bit = 1
    while bit <= numerator // 2:
        bit *= 2
    while bit > 0:
        quotient *= 2
        if left >= denominator - left:  # left + left ≥ denominator, without the sum
            left -= denominator - left
            quotient += 1
        else:
            left += left
        if numerator // bit % 2 == 1:
            if left >= denominator - rest:
                left -= denominator - rest
                quotient += 1
            else:
                left += rest
        bit //= 2
    return whole * numerator + quotient


def rounded_part_of(amount: int, numerator: int, denominator: int) -> int:
    """As `part_of`, rounded half away from zero; `amount` of either sign."""
    size = abs(amount)
    value = part_of(size, numerator, denominator)
    if value < MAX_CASH // 2:
        value = part_of(size, 2 * numerator, denominator) - value  # floor(2x) - floor(x) is x rounded
    return value if amount >= 0 else -value


def leveraged(equity: int, leverage: int) -> int:
    """How much an equity may hold, clamped to 2**62; `leverage` in thousandths."""
    if equity <= 0:
        return 0
    if float(equity) * leverage > float(MAX_CASH) * LEVERAGE_SCALE:
        return 2 * MAX_CASH
    return equity // LEVERAGE_SCALE * leverage + equity % LEVERAGE_SCALE * leverage // LEVERAGE_SCALE


def share_of(amount: int, share: int) -> int:
    """`amount` × `share` × 1e-9, rounded half away from zero; `share` from 0 to RATE_SCALE.

    As `rounded_part_of`, without a division: the compiler turns those by a constant into products.
    """
    size = abs(amount)
    rest = size % RATE_SCALE * share
    value = size // RATE_SCALE * share + (rest + RATE_SCALE // 2) // RATE_SCALE
    return value if amount >= 0 else -value


def commission_of(terms: TermsRecord, asset: AssetRecord, lots: int, notional: int) -> int:
    """The commission of one fill, rounded half away from zero; all arguments ≥ 0."""
    value = terms.commission_value
    if terms.commission_model == RATE:
        fee = share_of(notional, value)
    elif terms.commission_model == PER_ORDER:
        fee = value
    else:
        fee = rounded_part_of(part_of(value, lots, 1), asset.lot_numerator, asset.lot_denominator)
    return min(max(fee, terms.commission_minimum), MAX_CASH // 2)
