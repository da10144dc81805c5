/** How good the cells next to one are: a good cell among good ones is less likely to be luck. */
import type { Surface } from "@/api/types";
import { percent, whole } from "@/format/numbers";
import { showMetric } from "@/ui/run/metrics";
import { factsOf, medianOf } from "./grid";
import type { Cell, Neighbourhood } from "./grid";

interface AroundProps {
  surface: Surface;
  cell: Cell;
  around: Neighbourhood;
  isLeader: boolean;
}

export function Around({ surface, cell, around: { values }, isLeader }: AroundProps) {
  const { value } = factsOf(surface, cell);
  const show = (each: number | null | undefined): string => showMetric(surface.metric, each);
  const median = medianOf(values);
  const kept = value !== null && value > 0 && median !== null && median > 0 ? (100 * median) / value : null;
  return (
    <p className="small soft" data-testid="around">
      {isLeader ? "Around the best: " : "Around it: "}
      {values.length === 1 ? "one cell" : `${whole(values.length)} cells`} from{" "}
      <span className="num">{show(values[0])}</span> to <span className="num">{show(values.at(-1))}</span>, the median{" "}
      <strong className="num">{show(median)}</strong>
      {kept !== null && `, ${percent(kept, 0)} of ${isLeader ? "the best" : "its value"}`}.
    </p>
  );
}
