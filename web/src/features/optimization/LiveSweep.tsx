/** An optimization under way: how far, how fast, and whether it still finds better trials. */
import type { StatusBody } from "@/api/types";
import { rate, whole } from "@/format/numbers";
import { span } from "@/format/times";
import { Figures } from "@/ui/Facts";
import { RunProgress } from "@/ui/run/RunProgress";
import { etaSpan } from "@/ui/run/words";

export function LiveSweep({ run }: { run: StatusBody }) {
  return (
    <section className="panel live-sweep" aria-label="Progress">
      <div className="body">
        <RunProgress run={run} large />
      </div>
      {run.status === "Running" && (
        <Figures
          figures={[
            {
              name: "Rate",
              value: rate(run.ratePerSecond, "combinations"),
              note: run.barsPerSecond ? rate(run.barsPerSecond, "bars") : undefined,
            },
            { name: "Time left", value: etaSpan(run) },
            { name: "Elapsed", value: span(run.elapsedMs) },
            { name: "Failed", value: whole(run.failed), tone: run.failed > 0 ? "loss" : undefined },
            { name: "Since the best", value: whole(run.stagnation ?? 0), note: "trials" },
          ]}
        />
      )}
      {run.lastError && run.failed > 0 && (
        <p className="body small">
          <span className="faint">Last error: </span>
          <span className="loss">{run.lastError}</span>
        </p>
      )}
    </section>
  );
}
