/** Where a series has bars and where it has gaps, as shares of its length. */
import type { DatasetInfo } from "@/api/types";
import { instantOf } from "@/format/instants";

/** From the left edge, in percent of all. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}

export interface Coverage {
  /** The longest gaps, in order of time. */
  readonly gaps: readonly Stretch[];
  /** The part that a run would be over; null while the fields do not tell. */
  readonly chosen: Stretch | null;
  /** The gaps that lie in it, as far as they are known. */
  readonly within: DatasetInfo["gaps"];
}

export function coverageOf(dataset: DatasetInfo, start: string, end: string): Coverage {
  const first = Date.parse(dataset.first);
  const length = Math.max(Date.parse(dataset.last) - first, 1);
  const [from, to] = [instantOf(start), instantOf(end)].map((each) => (each === null ? NaN : Date.parse(each)));
  const stretch = (begin: number, stop: number): Stretch => {
    const [left, right] = [begin, stop].map((each) => Math.min(Math.max((100 * (each - first)) / length, 0), 100));
    return { left: left ?? 0, width: Math.max((right ?? 0) - (left ?? 0), 0) };
  };
  const gaps = dataset.gaps.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const isChosen = from !== undefined && to !== undefined && from <= to;
  return {
    gaps: gaps.map((gap) => stretch(Date.parse(gap.from), Date.parse(gap.to))),
    chosen: isChosen ? stretch(from, to) : null,
    within: isChosen ? gaps.filter((gap) => Date.parse(gap.to) >= from && Date.parse(gap.from) <= to) : [],
  };
}
