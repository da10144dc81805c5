/** How far a run is, how fast it goes and how long it will take. */
import type { StatusBody } from "@/api/types";
import { wholePercent } from "@/format/numbers";
import { Progress } from "../Progress";
import { etaText, phaseText, processedText, rateText, shareOf } from "./words";

export function RunProgress({ run, large }: { run: StatusBody; large?: boolean }) {
  const waiting = run.status === "Pending";
  const share = shareOf(run);
  const line = [processedText(run), rateText(run), etaText(run)].filter(Boolean).join(" · ");
  return (
    <div className={large ? "run-progress large" : "run-progress"}>
      <div className="run-progress-head">
        <span>{phaseText(run)}</span>
        {!waiting && <span className="num">{wholePercent(share)}</span>}
      </div>
      <Progress
        share={waiting ? null : share}
        label={`Progress of ${run.strategyName}`}
        text={waiting ? phaseText(run) : line}
        large={large === true}
      />
      <p className="run-progress-line num" data-testid="progress-line">
        {waiting ? processedText(run) : line}
      </p>
    </div>
  );
}
