/** What narrows and orders the list: the usual in sight, the rest behind a button. */
import { useState } from "react";
import { useDatasets, useStrategies } from "@/live/catalogue";
import { whole } from "@/format/numbers";
import { Button } from "@/ui/Button";
import { Segments } from "@/ui/Segments";
import { countFurther, NEWEST_FIRST, SORTS } from "./filter";
import type { ListFilter } from "./filter";
import { SearchBox } from "./SearchBox";

const KINDS = [
  ["all", "All"],
  ["backtest", "Backtests"],
  ["optimization", "Optimizations"],
] as const;

const STATUSES = [
  ["", "Any status"],
  ["Pending,Running", "Under way"],
  ["Completed", "Completed"],
  ["Failed", "Failed"],
  ["Cancelled", "Cancelled"],
] as const;

interface FiltersProps {
  filter: ListFilter;
  /** An empty value takes the name out of the address. */
  onValue: (name: string, value: string) => void;
  onSearch: (value: string) => void;
}

export function Filters({ filter, onValue, onSearch }: FiltersProps) {
  const further = countFurther(filter);
  const [open, setOpen] = useState(further > 0);
  return (
    <div role="search" className="filters">
      <div className="filter-row">
        <Segments
          label="Kind"
          value={filter.kind}
          options={KINDS}
          onValue={(value) => onValue("kind", value === "all" ? "" : value)}
        />
        <Choice label="Status" value={filter.status} options={STATUSES} onValue={(value) => onValue("status", value)} />
        <Choice
          label="Order"
          value={filter.sort}
          options={SORTS}
          onValue={(value) => onValue("sort", value === NEWEST_FIRST ? "" : value)}
        />
        <Button icon="filter" aria-expanded={open} aria-controls="further-filters" onClick={() => setOpen(!open)}>
          {further > 0 ? `Filters: ${whole(further)}` : "Filters"}
        </Button>
        <SearchBox value={filter.q} onValue={onSearch} />
      </div>
      <div className="filter-row further" id="further-filters" hidden={!open}>
        {open && <Further filter={filter} onValue={onValue} />}
      </div>
    </div>
  );
}

function Further({ filter, onValue }: Omit<FiltersProps, "onSearch">) {
  const strategies = useStrategies().data ?? [];
  const datasets = useDatasets().data ?? [];
  const lists = [
    ["strategy", "Strategy", "Any strategy", strategies.map(({ name }) => name)],
    ["asset", "Asset", "Any asset", datasets.map(({ assetName }) => assetName)],
    ["exchange", "Exchange", "Any exchange", datasets.map(({ exchange }) => exchange)],
    ["timeFrame", "Time frame", "Any time frame", datasets.map(({ timeFrame }) => timeFrame)],
  ] as const;
  return (
    <>
      {lists.map(([name, label, any, known]) => (
        <Choice
          key={name}
          label={label}
          value={filter[name]}
          options={[["", any], ...distinct([...known, filter[name]]).map((each) => [each, each] as const)]}
          onValue={(value) => onValue(name, value)}
        />
      ))}
      {(["from", "to"] as const).map((name) => (
        <label className="day" key={name}>
          <span className="small soft">{name === "from" ? "Submitted from" : "to"}</span>
          <input
            type="date"
            className="input"
            value={filter[name]}
            {...(name === "from" ? { max: filter.to || undefined } : { min: filter.from || undefined })}
            aria-label={name === "from" ? "Submitted from" : "Submitted to"}
            onChange={(event) => onValue(name, event.target.value)}
          />
        </label>
      ))}
    </>
  );
}

/** What is chosen stays among the choices, also when nothing of that name is there any more. */
const distinct = (names: readonly string[]): string[] =>
  [...new Set(names)].filter((name) => name !== "").sort((a, b) => a.localeCompare(b));

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onValue: (value: string) => void;
}

function Choice({ label, value, options, onValue }: ChoiceProps) {
  return (
    <select
      className={value === "" || label === "Order" ? "input choice-of" : "input choice-of chosen"}
      aria-label={label}
      value={value}
      onChange={(event) => onValue(event.target.value)}
    >
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </select>
  );
}
