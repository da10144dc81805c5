/** Why a run that was asked for is not among those compared. */
import { Link } from "wouter";
import { wholePercent } from "@/format/numbers";
import { Notice } from "@/ui/Notice";
import { runPath, shareOf } from "@/ui/run/words";
import type { Compared, Ready } from "./useCompared";

export type Problem = Exclude<Compared, Ready | { is: "loading" }>;

export function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <Notice
      tone="warn"
      title={
        problems.length === 1 ? "One run cannot be compared." : `${String(problems.length)} runs cannot be compared.`
      }
    >
      <ul className="stack" data-testid="problems">
        {problems.map((problem) => (
          <li key={problem.runKey}>
            <span className="mono small">{problem.runKey}</span>
            <br />
            {reasonOf(problem)}{" "}
            {"run" in problem && <Link href={runPath(problem.run.kind, problem.runKey)}>Open it</Link>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function reasonOf(problem: Problem): string {
  switch (problem.is) {
    case "missing":
      return "There is no run of this key: it was deleted, or the address is mistyped.";
    case "optimization":
      return "It is an optimization. Open one of its trials as a backtest to compare that.";
    case "underWay":
      return `It is still under way, ${wholePercent(shareOf(problem.run))} done, and joins the others when it completes.`;
    case "resultless":
      return problem.run.status === "Failed" ? "It failed and has no result." : "It was cancelled and has no result.";
    case "unreachable":
      return problem.error.message;
  }
}
