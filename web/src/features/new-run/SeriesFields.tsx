/** Further series of a run, and the cash flows of all of them. */
import type { CashFlowKind, DatasetInfo } from "@/api/types";
import { seriesName } from "@/live/catalogue";
import { Button, IconButton } from "@/ui/Button";
import { CheckField } from "@/ui/Field";
import { Segments } from "@/ui/Segments";
import type { SectionProps } from "./RunForm";

interface SeriesFieldsProps extends SectionProps {
  datasets: readonly DatasetInfo[];
  dataset: DatasetInfo;
}

const FLOWS = [
  ["funding", "Funding of positions"],
  ["dividends", "Dividends"],
] as const satisfies readonly (readonly [CashFlowKind, string])[];

const WAYS = [
  ["along", "All at once"],
  ["each", "One after the other"],
] as const;

export function SeriesFields({ draft, change, wrong, datasets, dataset }: SeriesFieldsProps) {
  const { further, cashFlows } = draft;
  const left = datasets.filter(({ id }) => id !== dataset.id && !further.includes(id));
  return (
    <div className="wide stack">
      {further.map((id, at) => (
        <span className="row nowrap" key={id}>
          <select
            className="input"
            aria-label={`Series ${String(at + 2)}`}
            value={id}
            onChange={(event) => change({ further: further.with(at, event.target.value) })}
          >
            {datasets
              .filter((each) => each.id === id || left.includes(each))
              .map((each) => (
                <option key={each.id} value={each.id}>
                  {seriesName(each)}
                </option>
              ))}
          </select>
          <IconButton
            label={`Remove series ${String(at + 2)}`}
            icon="cancel"
            onClick={() => change({ further: further.toSpliced(at, 1) })}
          />
        </span>
      ))}
      <div className="row">
        <Button
          small
          icon="plus"
          disabled={left.length === 0}
          onClick={() => change({ further: [...further, left[0]?.id ?? ""] })}
        >
          Add a series
        </Button>
        {further.length > 0 && draft.kind === "optimization" && (
          <Segments
            label="How the series are used"
            value={draft.each ? "each" : "along"}
            options={WAYS}
            onValue={(way) => change({ each: way === "each" })}
          />
        )}
        <span className="row push flows">
          {FLOWS.map(([kind, name]) => (
            <CheckField
              key={kind}
              label={name}
              checked={cashFlows.includes(kind)}
              onChecked={(checked) =>
                change({ cashFlows: checked ? [...cashFlows, kind] : cashFlows.filter((each) => each !== kind) })
              }
            />
          ))}
        </span>
      </div>
      {wrong("cashFlows") && (
        <p className="small loss" role="alert">
          {wrong("cashFlows")}
        </p>
      )}
    </div>
  );
}
