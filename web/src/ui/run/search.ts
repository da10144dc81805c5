/** How an optimization searches, in words. */
import type { Method, RequestBody } from "@/api/types";
import { exact, whole } from "@/format/numbers";
import { spoken } from "@/format/words";
import { metricName } from "./metrics";

export const METHOD_NAMES: Record<Method, string> = {
  grid: "Grid",
  random: "Random",
  tpe: "TPE",
  genetic: "Genetic",
  nsga2: "NSGA-II",
  walkForward: "Walk-forward",
};

type Fact = readonly [name: string, value: string];

/** What a request says of its search; nothing for what it leaves to the server. */
export function searchFacts(request: Partial<RequestBody>): readonly Fact[] {
  const { method, budget, seed, conditions = [], objectives = [], fitness, walkForward } = request;
  const listed = (name: string, texts: readonly string[]): Fact[] =>
    texts.length > 0 ? [[name, texts.join(", ")]] : [];
  return [
    ...(method ? [["Method", METHOD_NAMES[method]] as const] : []),
    ...(budget === undefined ? [] : [["Budget", `${whole(budget)} trials`] as const]),
    ...(seed === undefined ? [] : [["Seed", String(seed)] as const]),
    ...listed("Conditions", conditions),
    ...listed(
      "Objectives",
      objectives.map(({ metric, direction }) => `${metricName(metric)} ${direction === "max" ? "up" : "down"}`),
    ),
    ...listed("Weights", numbers(fitness?.weights ?? {}, metricName)),
    ...listed("Filters", numbers(request.filters ?? {}, spoken)),
    ...listed("Stops", numbers(request.stopRules ?? {}, spoken)),
    ...(request.timeBudgetSeconds ? [["Time budget", `${exact(request.timeBudgetSeconds)} s`] as const] : []),
    ...(request.trialTimeoutSeconds ? [["Time for a trial", `${exact(request.trialTimeoutSeconds)} s`] as const] : []),
    ...(walkForward ? [["Windows", windowsText(walkForward)] as const] : []),
  ];
}

const numbers = (values: object, name: (name: string) => string): string[] =>
  Object.entries(values as Record<string, number>).map(([each, value]) => `${name(each)} ${exact(value)}`);

const windowsText = ({ windows, outOfSamplePct, anchored }: NonNullable<RequestBody["walkForward"]>): string =>
  [`${whole(windows)}, ${exact(outOfSamplePct)} % out of sample`, anchored ? "anchored" : ""]
    .filter(Boolean)
    .join(", ");
