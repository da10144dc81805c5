/** Equity of a finished backtest against holding its main asset, and its drawdown. */
import { useMemo, useRef, useState } from "react";
import type { StatusBody } from "@/api/types";
import { signedPercent } from "@/format/numbers";
import { frameMs } from "@/format/times";
import { EquityChart } from "@/ui/chart/EquityChart";
import { Failure } from "@/ui/Notice";
import { RunPicture } from "@/ui/run/RunPicture";
import { useWholeBars } from "../prices/useBars";
import { heldCurve, heldReturnPct, liesFlat } from "./held";
import { useCurve } from "./useCurve";

interface EquityPanelProps {
  run: StatusBody;
  /** The initial cash. */
  cash: number | null;
  returnPct: number;
}

export function EquityPanel({ run, cash, returnPct }: EquityPanelProps) {
  const chart = useRef<HTMLDivElement>(null);
  const { points, error } = useCurve(run);
  const { bars, error: barsError } = useWholeBars(run);
  /** Null: the reader has not chosen. */
  const [wanted, setWanted] = useState<boolean | null>(null);
  const held = useMemo(() => {
    if (!bars || cash === null || points.length === 0) return null;
    const times = points.map(([ts]) => ts);
    return heldCurve(bars, frameMs(run.timeFrame) || bars.interval, cash, times);
  }, [bars, cash, points, run.timeFrame]);
  const flat = useMemo(
    () =>
      held !== null &&
      liesFlat(
        points.map(([, equity]) => equity),
        held,
      ),
    [points, held],
  );
  const compared = held !== null && (wanted ?? !flat);
  const heldPct = bars ? heldReturnPct(bars) : null;
  return (
    <section className="panel" id="equity" aria-labelledby="equity-head">
      <header>
        <h2 id="equity-head">Equity and drawdown</h2>
        <span className="push">
          <RunPicture run={run} of={chart} chart="Equity and drawdown" />
        </span>
        <label className="check">
          <input
            type="checkbox"
            checked={compared}
            disabled={held === null}
            onChange={(event) => setWanted(event.target.checked)}
          />
          <span>Compare with buy and hold</span>
        </label>
      </header>
      <div className="body" ref={chart}>
        {error && points.length === 0 ? (
          <Failure error={error} />
        ) : (
          <EquityChart
            points={points}
            base={cash}
            held={compared ? held : null}
            timeFrame={run.timeFrame}
            label={`Equity and drawdown of ${run.strategyName}`}
          >
            <p className="small soft num" data-testid="against-holding">
              {heldPct !== null
                ? `The strategy made ${signedPercent(returnPct)}. All cash in ${run.assetName} from the first open to the last close, without costs, made ${signedPercent(heldPct)}.`
                : barsError && `No comparison with buy and hold: ${barsError.message}`}
              {flat && !compared && " The chart leaves that out, since the equity would lie flat beside it."}
            </p>
          </EquityChart>
        )}
      </div>
    </section>
  );
}
