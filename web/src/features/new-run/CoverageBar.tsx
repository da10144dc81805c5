/** A series as a bar: its gaps, and the part that a run would be over. */
import { useMemo } from "react";
import type { DatasetInfo } from "@/api/types";
import { whole } from "@/format/numbers";
import { barTime } from "@/format/times";
import { coverageOf } from "./coverage";

interface CoverageBarProps {
  dataset: DatasetInfo;
  /** As the fields hold them. */
  start: string;
  end: string;
}

export function CoverageBar({ dataset, start, end }: CoverageBarProps) {
  const { gaps, chosen, within } = useMemo(() => coverageOf(dataset, start, end), [dataset, start, end]);
  const missing = wordsOf(dataset, within);
  return (
    <figure className="coverage">
      <div className="coverage-track" aria-hidden="true">
        {chosen && <span className="coverage-chosen" style={at(chosen)} />}
        {gaps.map((gap) => (
          <span key={gap.left} className="coverage-gap" style={at(gap)} />
        ))}
      </div>
      <figcaption className="row small soft">
        <span>{barTime(dataset.first, dataset.timeFrame)}</span>
        <span className="coverage-words">{missing}</span>
        <span className="push">{barTime(dataset.last, dataset.timeFrame)}</span>
      </figcaption>
    </figure>
  );
}

const at = ({ left, width }: { left: number; width: number }) => ({
  left: `${String(left)}%`,
  width: `${String(width)}%`,
});

function wordsOf({ gaps, gapCount, timeFrame }: DatasetInfo, within: DatasetInfo["gaps"]): string {
  if (gapCount === 0) return "No gaps";
  const all = gapCount > gaps.length ? ` of the ${whole(gaps.length)} longest` : "";
  if (within.length === 0) return `None${all} gaps in this period`;
  const longest = within.reduce((most, gap) => (gap.bars > most.bars ? gap : most));
  const bars = longest.bars === 1 ? "1 bar" : `${whole(longest.bars)} bars`;
  const many = within.length === 1 ? "1 gap" : `${whole(within.length)} gaps`;
  return `${many}${all} in this period, up to ${bars} from ${barTime(longest.from, timeFrame)}`;
}
