/** What a run's page shows beside its state: the result, the submission, the data, and what can be done. */
import type { DatasetInfo, RequestBody, RunResult, StatusBody } from "@/api/types";
import { useRunActions } from "./actions";
import type { RunActions } from "./actions";
import { useDatasetOf } from "./catalogue";
import { savesOf } from "./saves";
import type { Save } from "./saves";
import { useRequest } from "./useRequest";

export interface RunView<Result extends RunResult> {
  result: Result | null;
  request: RequestBody | undefined;
  dataset: DatasetInfo | undefined;
  synthetic: boolean;
  saves: readonly Save[];
  actions: RunActions;
}

/** `Result`: that of the run's kind. */
export function useRunView<Result extends RunResult>(run: StatusBody): RunView<Result> {
  const result = (run.result ?? null) as Result | null;
  const dataset = useDatasetOf(run);
  return {
    result,
    // a search is told by its submission alone; what else a result came from it tells itself
    request: useRequest(run, result === null || run.kind === "optimization"),
    dataset,
    synthetic: result ? result.data.some((used) => used.synthetic) : dataset?.synthetic === true,
    saves: savesOf(run),
    actions: useRunActions(run),
  };
}
