"""Why an order is rejected: whole numbers for the kernel, index into REASONS for readers."""

from typing import Final

NOT_A_NUMBER: Final = 1
ZERO: Final = 2
NEGATIVE: Final = 3
NOT_WHOLE_LOTS: Final = 4
TOO_LARGE: Final = 5
CASH: Final = 6
SHORT: Final = 7
MARGIN: Final = 8
UNKNOWN_ASSET: Final = 9
BAD_SHARE: Final = 10
PRICE_NOT_A_NUMBER: Final = 11
PRICE_TOO_LARGE: Final = 12
BAD_TIME_IN_FORCE: Final = 13
BAD_GROUP: Final = 14
BAD_AMOUNT: Final = 15
BAD_RISK: Final = 16
NO_RISK: Final = 17
REASONS: Final = (
    "",
    "the quantity is not a number",
    "the quantity is zero",
    "the quantity is negative",
    "the quantity is not a whole number of lots",
    "the quantity is too large",
    "not enough cash",
    "a cash account cannot sell what it does not hold",
    "not enough margin",
    "unknown asset",
    "the share of the equity is not above 0 and at most 1",
    "a price is not a number",
    "a price is too large",
    "the time in force is none of GTC, DAY and IOC",
    "the group is below 0 or above 2**53",
    "the amount to spend is not above 0 or too large",
    "the risk is not above 0 and at most 1, or there is no stop_loss to measure it by",
    "the risk pays for no lot, or the stop loss is not beyond the entry",
)
