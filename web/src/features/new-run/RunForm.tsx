/** The form: what is typed, what the server says of it, and the way off to the run. */
import { useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { DatasetInfo, RunKind, StrategyInfo } from "@/api/types";
import { useSubmit } from "@/live/actions";
import { Fold } from "@/ui/Fold";
import { Notice } from "@/ui/Notice";
import { runPath } from "@/ui/run/words";
import { Segments } from "@/ui/Segments";
import { begin } from "./begin";
import { requestBody } from "./body";
import { CostFields } from "./CostFields";
import { DataFields } from "./DataFields";
import { ofStrategy } from "./draft";
import type { Draft } from "./draft";
import { JsonView } from "./JsonView";
import { ParameterFields } from "./ParameterFields";
import { shownPaths, sortErrors } from "./problems";
import { SearchFields, searchOfSection } from "./SearchFields";
import { StrategyChoice } from "./StrategyChoice";
import { Summary } from "./Summary";
import { useVerdict } from "./useVerdict";

const KINDS = [
  ["backtest", "Backtest"],
  ["optimization", "Optimization"],
] as const satisfies readonly (readonly [RunKind, string])[];

/** What a section of the form is given. */
export interface SectionProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** The message for the control of a path. */
  wrong: (path: string) => string | undefined;
}

interface RunFormProps {
  initial: Draft;
  strategies: readonly StrategyInfo[];
  /** User files that cannot be chosen, and why. */
  broken: readonly StrategyInfo[];
  datasets: readonly DatasetInfo[];
}

export function RunForm({ initial, strategies, broken, datasets }: RunFormProps) {
  const [draft, setDraft] = useState(initial);
  const [force, setForce] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const [, go] = useLocation();
  // a catalogue that changes under the form may take away what was chosen
  const strategy = strategies.find(({ name }) => name === draft.strategyName) ?? strategies[0];
  const dataset = datasets.find(({ id }) => id === draft.datasetId) ?? datasets[0];
  if (!strategy || !dataset) throw new Error("The form opens when there are strategies and data.");
  const { body, errors } = useMemo(() => {
    const further = draft.further.flatMap((id) => datasets.find((each) => each.id === id) ?? []);
    return requestBody(draft, strategy, [dataset, ...further]);
  }, [draft, strategy, dataset, datasets]);
  const { verdict, error, behind } = useVerdict(draft.kind, body);
  const submit = useSubmit(({ kind, runKey }) => go(runPath(kind, runKey)));
  const { fields, rest } = sortErrors(submit.error ?? error, shownPaths(draft, strategy));
  const wrong = (path: string): string | undefined => errors.get(path) ?? fields.get(path);
  const change = (part: Partial<Draft>): void => {
    submit.reset();
    setDraft((before) => ({ ...before, ...part }));
  };
  const section: SectionProps = { draft, change, wrong };
  return (
    <form
      ref={form}
      className="run-form"
      noValidate
      aria-label="New run"
      onSubmit={(event) => {
        event.preventDefault();
        if (!body) return focusFirstWrong(form.current);
        submit.mutate(
          { kind: draft.kind, body: force ? { ...body, force: true } : body },
          // after the messages are in the page
          { onError: () => setTimeout(() => focusFirstWrong(form.current)) },
        );
      }}
    >
      <div className="stack">
        <Segments label="Kind of run" value={draft.kind} options={KINDS} onValue={(kind) => change({ kind })} />
        {rest.length > 0 && (
          <Notice tone="bad" title="This cannot be run as it stands.">
            {rest.map((message) => (
              <p key={message}>{message}</p>
            ))}
          </Notice>
        )}
        <StrategyChoice
          {...section}
          strategies={strategies}
          broken={broken}
          onStrategy={(chosen) => change(ofStrategy(chosen))}
        />
        <DataFields {...section} datasets={datasets} dataset={dataset} />
        <ParameterFields {...section} strategy={strategy} quote={dataset.quote} />
        {draft.kind === "optimization" && <SearchFields {...searchOfSection(section)} />}
        <CostFields {...section} quote={dataset.quote} />
        <section className="panel pad" aria-label="JSON">
          <Fold title="As JSON">
            <JsonView
              kind={draft.kind}
              body={body}
              read={(prefill) => begin(prefill, strategies, datasets)}
              onDraft={(next) => change(next)}
            />
          </Fold>
        </section>
      </div>
      <Summary
        draft={draft}
        strategy={strategy}
        dataset={dataset}
        verdict={verdict}
        behind={behind}
        isWrong={errors.size > 0 || (submit.error ?? error) !== null}
        busy={submit.isPending}
        force={force}
        onForce={setForce}
      />
    </form>
  );
}

function focusFirstWrong(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}
