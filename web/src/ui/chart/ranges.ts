/** The part of the value axis that each pane shows. */

export interface Range {
  minValue: number;
  maxValue: number;
}

const FLAT_PCT = 1;
const FLAT_SHARE = 0.005;

/** Drawdowns hang from zero, whether or not there are any. */
export const belowZero = ({ minValue }: Range): Range => ({
  minValue: minValue < 0 ? minValue : -FLAT_PCT,
  maxValue: 0,
});

/** An equity that has not moved lies in the middle of an axis of sensible numbers, not of hundredths of a cent. */
export function aroundFlat(range: Range): Range {
  const { minValue, maxValue } = range;
  if (maxValue > minValue) return range;
  const room = Math.max(1, Math.abs(maxValue) * FLAT_SHARE);
  return { minValue: minValue - room, maxValue: maxValue + room };
}
