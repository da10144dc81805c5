/** An optimization under way: how far, how fast, and whether it still finds better trials. */
import type { StatusBody } from "@/api/types";
import { rate, whole } from "@/format/numbers";
import { span } from "@/format/times";
import { spoken } from "@/format/words";
import { Figures } from "@/ui/Facts";
import { useSilence } from "@/live/useSilence";
import { RunProgress } from "@/ui/run/RunProgress";
import { Silence } from "@/ui/run/Silence";
import { etaSpan } from "@/ui/run/words";
import { BestCurve } from "./progress/BestCurve";
import type { Ranking } from "./progress/useBestCurve";

export function LiveSweep({ run, ranking }: { run: StatusBody; ranking: Ranking | undefined }) {
  const silence = useSilence(run);
  return (
    <section className="panel live-sweep" aria-label="Progress">
      <div className="body">
        <RunProgress run={run} large />
        {run.status === "Running" && <Silence kind={run.kind} seconds={silence} />}
      </div>
      {run.status === "Running" && (
        <Figures
          figures={[
            {
              name: "Rate",
              value: rate(run.ratePerSecond, "trials"),
              note: run.barsPerSecond ? rate(run.barsPerSecond, "bars") : undefined,
            },
            { name: "Time left", value: etaSpan(run) },
            { name: "Elapsed", value: span(run.elapsedMs) },
            { name: "Failed", value: whole(run.failed), tone: run.failed > 0 ? "loss" : undefined },
            { name: "Known before", value: whole(run.reused ?? 0) },
            { name: "Since the best", value: whole(run.stagnation ?? 0), note: "trials" },
            ...(run.mode ? [{ name: "Mode", value: spoken(run.mode) }] : []),
          ]}
        />
      )}
      <BestCurve run={run} ranking={ranking} />
      {run.lastError && run.failed > 0 && (
        <p className="body small">
          <span className="faint">Last error: </span>
          <span className="loss">{run.lastError}</span>
        </p>
      )}
    </section>
  );
}
