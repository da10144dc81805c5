/** On which series, and over which part of it. */
import type { DatasetInfo } from "@/api/types";
import { whole } from "@/format/numbers";
import { fieldOf } from "@/format/instants";
import { seriesName } from "@/live/catalogue";
import { Button } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { SyntheticPill } from "@/ui/Pill";
import { CoverageBar } from "./CoverageBar";
import { ofDataset } from "./draft";
import type { SectionProps } from "./RunForm";
import { SeriesFields } from "./SeriesFields";

interface DataFieldsProps extends SectionProps {
  datasets: readonly DatasetInfo[];
  dataset: DatasetInfo;
}

export function DataFields({ draft, change, wrong, datasets, dataset }: DataFieldsProps) {
  const isWhole = draft.start === fieldOf(dataset.first) && draft.end === fieldOf(dataset.last);
  return (
    <section className="panel" aria-labelledby="data-head">
      <header>
        <h2 id="data-head">Data and period</h2>
        {dataset.synthetic && <SyntheticPill />}
        {!isWhole && (
          <span className="push">
            <Button small look="quiet" onClick={() => change(ofDataset(dataset))}>
              Use the whole series
            </Button>
          </span>
        )}
      </header>
      <div className="body fields">
        <div className="wide">
          <SelectField
            id="assetName"
            label="Series"
            value={dataset.id}
            error={wrong("assetName")}
            onValue={(id) => {
              const chosen = datasets.find((each) => each.id === id);
              if (chosen) change({ ...ofDataset(chosen), further: draft.further.filter((each) => each !== id) });
            }}
            hint={
              <>
                {whole(dataset.rows)} bars
                {dataset.gapCount > 0 && ` · ${whole(dataset.gapCount)} ${dataset.gapCount === 1 ? "gap" : "gaps"}`}
              </>
            }
          >
            {datasets.map((each) => (
              <option key={each.id} value={each.id}>
                {seriesName(each)}
                {each.synthetic ? " (synthetic)" : ""}
              </option>
            ))}
          </SelectField>
        </div>
        <SeriesFields {...{ draft, change, wrong, datasets, dataset }} />
        <TextField
          id="startTime"
          label="First bar (UTC)"
          type="datetime-local"
          value={draft.start}
          onValue={(start) => change({ start })}
          error={wrong("startTime")}
        />
        <TextField
          id="endTime"
          label="Last bar (UTC)"
          type="datetime-local"
          value={draft.end}
          onValue={(end) => change({ end })}
          error={wrong("endTime")}
        />
        <CoverageBar dataset={dataset} start={draft.start} end={draft.end} />
      </div>
    </section>
  );
}
