/** In place of a run that was deleted, never was, or could not be asked for. */
import type { RunKind } from "@/api/types";
import { ButtonLink } from "../Button";
import { Empty, Failure } from "../Notice";
import { useTitle } from "../title";

export function RunDeleted() {
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

export function RunNotThere({ kind, error, onRetry }: NotThereProps) {
  useTitle(kind === "backtest" ? "Backtest" : "Optimization");
  if (error.status !== 404) return <Failure error={error} onRetry={onRetry} />;
  return (
    <Empty title={`There is no such ${kind}`}>
      <p>{error.message}</p>
      <ButtonLink href="/">All runs</ButtonLink>
    </Empty>
  );
}
