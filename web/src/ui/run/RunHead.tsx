/** The head of a run's page: what it is, in which state, and what can be done with it. */
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { marketDay } from "@/format/times";
import { Copy } from "../Copy";
import { PageHead } from "../PageHead";
import { SyntheticPill } from "../Pill";
import { SaveMenu } from "../SaveMenu";
import type { SaveItem } from "../SaveMenu";
import { StatusPill } from "./StatusPill";
import { Button, ButtonLink } from "../Button";

export interface HeadActions {
  cancel: () => void;
  again: () => void;
  askDelete: () => void;
  busy: boolean;
  error: Error | null;
}

interface RunHeadProps {
  run: StatusBody;
  synthetic: boolean;
  saves: readonly SaveItem[];
  actions: HeadActions;
}

export function RunHead({ run, synthetic, saves, actions }: RunHeadProps) {
  return (
    <PageHead
      title={
        <>
          {run.strategyName} {run.label && <span className="run-label">{run.label}</span>}
        </>
      }
      actions={
        isTerminal(run.status) ? (
          <>
            <Button icon="again" disabled={actions.busy} onClick={actions.again}>
              Run again
            </Button>
            <ButtonLink icon="form" href={`/new?from=${run.kind}&key=${encodeURIComponent(run.runKey)}`}>
              Change and run
            </ButtonLink>
            <SaveMenu items={saves} />
            <Button look="quiet" icon="bin" disabled={actions.busy} onClick={actions.askDelete}>
              Delete
            </Button>
          </>
        ) : (
          <Button icon="cancel" disabled={actions.busy || run.cancelRequested} onClick={actions.cancel}>
            {run.cancelRequested ? "Stopping" : "Cancel"}
          </Button>
        )
      }
    >
      <p className="row">
        <StatusPill run={run} />
        {run.attempt > 1 && (
          <span className="soft num">{`Attempt ${whole(run.attempt)}${isTerminal(run.status) ? "" : " is under way"} ·`}</span>
        )}
        <span className="soft">
          {run.kind === "optimization" ? "Optimization" : "Backtest"} · version {run.strategyVersion} · {run.assetName}{" "}
          · {run.exchange} · {run.timeFrame}, {marketDay(run.startTime)} – {marketDay(run.endTime)}
        </span>
        {synthetic && <SyntheticPill />}
      </p>
      <Copy text={run.runKey} label="RunKey" />
      {actions.error && (
        <p className="small loss" role="alert">
          {actions.error.message}
        </p>
      )}
    </PageHead>
  );
}
