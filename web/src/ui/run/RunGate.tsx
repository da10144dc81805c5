/** The run of a page once it is there; until then, or when it is not, why. */
import type { ReactNode } from "react";
import type { RunKind, StatusBody } from "@/api/types";
import { ButtonLink } from "../Button";
import { Empty, Failure, Skeleton } from "../Notice";
import { useTitle } from "../title";

interface GateProps {
  kind: RunKind;
  run: StatusBody | undefined;
  error: (Error & { status?: number }) | null;
  removed: boolean;
  retry: () => void;
  children: (run: StatusBody) => ReactNode;
}

export function RunGate({ kind, run, error, removed, retry, children }: GateProps) {
  if (removed) return <RunDeleted />;
  if (run) return children(run);
  return error ? <RunNotThere kind={kind} error={error} onRetry={retry} /> : <Skeleton tall />;
}

function RunDeleted() {
  useTitle("Deleted run");
  return (
    <Empty title="This run was deleted">
      <ButtonLink href="/">All runs</ButtonLink>
    </Empty>
  );
}

interface NotThereProps {
  kind: RunKind;
  error: Error & { status?: number };
  onRetry: () => void;
}

function RunNotThere({ kind, error, onRetry }: NotThereProps) {
  useTitle(kind === "backtest" ? "Backtest" : "Optimization");
  if (error.status !== 404) return <Failure error={error} onRetry={onRetry} />;
  return (
    <Empty title={`There is no such ${kind}`}>
      <p>{error.message}</p>
      <ButtonLink href="/">All runs</ButtonLink>
    </Empty>
  );
}
