/** The prices of a backtest with its fills and indicators; of a run over several series, those of one. */
import { useState } from "react";
import type { BacktestResult, SeriesName, StatusBody } from "@/api/types";
import { Empty, Failure } from "@/ui/Notice";
import type { Focus } from "../focus";
import { Prices } from "./Prices";
import { useWholeBars } from "./useBars";

interface PricePanelProps {
  run: StatusBody;
  data: BacktestResult["data"];
  /** What is marked, and moved to when it becomes another one. */
  focus: Focus | null;
  onClear: () => void;
}

export function PricePanel({ run, data, focus, onClear }: PricePanelProps) {
  const [number, setNumber] = useState(0);
  const { bars, error, retry } = useWholeBars(run, number);
  const series: SeriesName = data.length > 1 ? (data[number] ?? run) : run;
  const choice = data.length > 1 && (
    <select
      className="input series-choice"
      aria-label="Series"
      value={number}
      onChange={(event) => setNumber(Number(event.target.value))}
    >
      {data.map(({ assetName, exchange, timeFrame }, index) => (
        <option key={`${assetName} ${exchange} ${timeFrame}`} value={index}>
          {assetName} · {exchange} · {timeFrame}
        </option>
      ))}
    </select>
  );
  return (
    <section className="panel" id="prices" aria-labelledby="prices-head">
      {bars && bars.rows.length > 1 ? (
        <Prices
          key={`${String(run.resultAttempt)} ${String(number)}`}
          {...{ run, series, number, choice, focus, onClear }}
          all={bars}
        />
      ) : (
        <>
          <header>
            <h2 id="prices-head">Prices</h2>
            {choice}
          </header>
          <div className="body">
            {error ? (
              <Failure error={error} onRetry={retry} />
            ) : bars ? (
              <Empty title="No bars">
                <p>The run has fewer than two bars of this series.</p>
              </Empty>
            ) : (
              <div className="plot price-plot skeleton" role="status" aria-label="Loading" />
            )}
          </div>
        </>
      )}
    </section>
  );
}
