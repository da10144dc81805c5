/** A walk-forward optimization: what each window chose, what that came to on the time after it, and the curve of it all. */
import { useRef } from "react";
import type { MetricName, StatusBody, WalkForwardResult, WalkWindow } from "@/api/types";
import { percent, whole } from "@/format/numbers";
import { marketDay } from "@/format/times";
import { spoken } from "@/format/words";
import { ButtonLink } from "@/ui/Button";
import { EquityChart } from "@/ui/chart/EquityChart";
import { Figures, toneOf } from "@/ui/Facts";
import { variedNames } from "@/ui/run/axes";
import { METRICS, metricName, showMetric } from "@/ui/run/metrics";
import { TableScroll } from "@/ui/TableScroll";
import { RunPicture } from "@/ui/run/RunPicture";
import { WalkBars } from "./WalkBars";
import { trialPath } from "./trialPath";
import { ParameterCells, RunItHead } from "./ParameterCells";

interface WalkForwardProps {
  run: StatusBody;
  walk: WalkForwardResult;
  /** The metric by which the windows chose. */
  objective: string;
}

const SHOWN: readonly MetricName[] = ["netProfit", "totalReturnPct", "maxDrawdownPct", "sharpeRatio", "totalTrades"];

export function WalkForwardPanel({ run, walk, objective }: WalkForwardProps) {
  const { windows = [], metrics, equity } = walk;
  const points = equity?.points ?? [];
  const chart = useRef<HTMLDivElement>(null);
  return (
    <section className="panel" aria-labelledby="walk-head" data-testid="walk-forward">
      <header>
        <h2 id="walk-head">Walk-forward</h2>
        <span className="faint small">Each window is chosen on what came before it, and judged on what came after</span>
        <span className="push">
          <RunPicture run={run} of={chart} chart="Walk-forward" />
        </span>
      </header>
      <Figures
        figures={[
          { name: "Efficiency", value: share(walk.efficiency), note: "out of sample, of in sample" },
          ...SHOWN.map((name) => ({
            name: METRICS[name].name,
            value: METRICS[name].show(metrics?.[name]),
            tone: METRICS[name].signed ? toneOf(metrics?.[name]) : undefined,
            note: "out of sample",
          })),
        ]}
      />
      <div className="body walk-charts" ref={chart}>
        {points.length > 1 && (
          <EquityChart points={points} base={points[0]?.[1] ?? null} label="Equity out of sample, stitched" />
        )}
        <WalkBars windows={windows} objective={objective} />
      </div>
      <Windows run={run} windows={windows} objective={objective} />
    </section>
  );
}

const share = (efficiency: number | null | undefined): string =>
  percent(typeof efficiency === "number" ? 100 * efficiency : null, 0);

function Windows({ run, windows, objective }: { run: StatusBody; windows: readonly WalkWindow[]; objective: string }) {
  const names = variedNames(run.axes ?? {});
  return (
    <TableScroll label="Table of windows">
      <table>
        <thead>
          <tr>
            <th scope="col">Window</th>
            <th scope="col">In sample</th>
            <th scope="col">Out of sample</th>
            {[...names.map(spoken), `${metricName(objective)} in`, "Out", "Efficiency"].map((head) => (
              <th scope="col" className="right" key={head}>
                {head}
              </th>
            ))}
            <RunItHead />
          </tr>
        </thead>
        <tbody>
          {windows.map((each) => (
            <tr key={each.index}>
              <td className="faint">{whole(each.index + 1)}</td>
              <td>{`${marketDay(each.inSampleStart)} – ${marketDay(each.inSampleEnd)}`}</td>
              <td>{`${marketDay(each.outOfSampleStart)} – ${marketDay(each.outOfSampleEnd)}`}</td>
              <ParameterCells names={names} parameters={each.parameters} />
              <td className="right">{showMetric(objective, each.inSampleValue)}</td>
              <td className={`right ${toneOf(each.outOfSampleValue) ?? ""}`}>
                {showMetric(objective, each.outOfSampleValue)}
              </td>
              <td className="right">{share(each.efficiency)}</td>
              <td className="right act">
                {each.parameters && (
                  <ButtonLink small look="quiet" href={windowPath(run.runKey, each)}>
                    Backtest
                  </ButtonLink>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** The window's choice on the time that judged it. */
const windowPath = (runKey: string, { parameters, outOfSampleStart, outOfSampleEnd }: WalkWindow): string =>
  trialPath(runKey, parameters ?? {}, { start: outOfSampleStart, end: outOfSampleEnd });
