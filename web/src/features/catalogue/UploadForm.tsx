/** Brings data of the reader's own: a file and the names of its series. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { uploadDataset } from "@/api/datasets";
import type { UploadNames } from "@/api/datasets";
import type { ApiError } from "@/api/http";
import type { DatasetInfo } from "@/api/types";
import { bytes, whole, wholePercent } from "@/format/numbers";
import { barTime } from "@/format/times";
import { seriesName } from "@/live/catalogue";
import { Button, ButtonLink } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Progress } from "@/ui/Progress";
import { FilePicker } from "./FilePicker";
import { guessNames } from "./guessNames";
import { KIND_COLUMNS, KIND_NAMES } from "./kinds";

const NO_NAMES: UploadNames = {
  ...{ kind: "bars", assetName: "", exchange: "", timeFrame: "" },
  ...{ tickSize: "", lotSize: "", quote: "" },
};
/** What cash flows have none of. */
const OF_BARS: readonly (keyof UploadNames)[] = ["timeFrame", "tickSize", "lotSize"];

/** The names that a data set of this kind has; empty ones are left to the server. */
const namesFor = (names: UploadNames): UploadNames =>
  names.kind === "bars" ? names : { ...names, ...Object.fromEntries(OF_BARS.map((name) => [name, ""])) };

export function UploadForm() {
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [names, setNames] = useState(NO_NAMES);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState(0);
  const upload = useMutation<DatasetInfo, ApiError, File>({
    mutationFn: (chosen) => uploadDataset(chosen, namesFor(names), setSent),
    onSuccess: () => {
      setFile(null);
      setNames({ ...NO_NAMES, kind: names.kind });
      setTried(false);
      return queries.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
  const ofBars = names.kind === "bars";
  const required = ofBars ? ["assetName", "exchange", "timeFrame"] : ["assetName", "exchange"];
  const isMissing = (name: string): boolean =>
    required.includes(name) && names[name as keyof UploadNames].trim() === "";
  const field = (name: keyof UploadNames) => ({
    id: `upload-${name}`,
    value: names[name],
    onValue: (value: string) => setNames({ ...names, [name]: value }),
    error: wrongAt(name, upload.error) ?? (tried && isMissing(name) ? "This is needed." : undefined),
  });
  return (
    <section className="panel" id="upload" aria-labelledby="upload-head">
      <header>
        <h2 id="upload-head">Upload data</h2>
        <span className="faint small">CSV with a header, Parquet or Feather: {KIND_COLUMNS[names.kind]}</span>
      </header>
      <form
        className="body stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!file || required.some(isMissing)) return;
          setSent(0);
          upload.mutate(file);
        }}
      >
        <FilePicker
          file={file}
          error={tried && !file ? "Choose a file first." : undefined}
          onFile={(chosen) => {
            upload.reset();
            setFile(chosen);
            setNames({ ...names, ...guessNames(chosen.name) });
          }}
        />
        <div className="fields">
          <SelectField label="Rows are" {...field("kind")}>
            {Object.entries(KIND_NAMES).map(([kind, name]) => (
              <option key={kind} value={kind}>
                {name}
              </option>
            ))}
          </SelectField>
          <TextField label="Asset" placeholder="EURUSD" {...field("assetName")} />
          <TextField label="Exchange" placeholder="OANDA" {...field("exchange")} />
          {ofBars && <BarFields field={field} />}
          <TextField label="Quote currency" placeholder="USD" {...field("quote")} />
        </div>
        {upload.error && <Refused error={upload.error} shown={shownNames(ofBars)} />}
        {upload.data && <Taken dataset={upload.data} />}
        {upload.isPending && <Sending sent={sent} file={file} />}
        <div>
          <Button type="submit" look="primary" disabled={upload.isPending}>
            {upload.isPending ? "Uploading…" : "Upload"}
          </Button>
        </div>
      </form>
    </section>
  );
}

interface FieldOf {
  id: string;
  value: string;
  onValue: (value: string) => void;
  error: string | undefined;
}

function BarFields({ field }: { field: (name: keyof UploadNames) => FieldOf }) {
  return (
    <>
      <TextField label="Time frame" placeholder="1h" hint="1m, 5m, 1h, 1d…" {...field("timeFrame")} />
      <TextField label="Tick size" placeholder="from the prices" inputMode="decimal" {...field("tickSize")} />
      <TextField label="Lot size" placeholder="from the volumes" inputMode="decimal" {...field("lotSize")} />
    </>
  );
}

function Sending({ sent, file }: { sent: number; file: File | null }) {
  return (
    <div className="stack">
      <Progress share={sent < 1 ? sent : null} label="Upload" text={wholePercent(sent)} />
      <p className="small soft num">
        {sent < 1 ? `Sending: ${wholePercent(sent)} of ${bytes(file?.size)}` : "Reading the rows"}
      </p>
    </div>
  );
}

const wrongAt = (name: string, error: ApiError | null): string | undefined =>
  error?.errors.find(({ path }) => path === name)?.message;

/** The names that have a control. */
const shownNames = (ofBars: boolean): readonly string[] =>
  Object.keys(NO_NAMES).filter((name) => ofBars || !OF_BARS.some((each) => each === name));

/** What no control tells; a complaint about names alone stands at these and nowhere else. */
function Refused({ error, shown }: { error: ApiError; shown: readonly string[] }) {
  const rows = error.errors.filter(({ path }) => !shown.includes(path));
  const told = rows.length < error.errors.length;
  return (
    <Notice tone="bad" title="Nothing was imported.">
      {!told && <p>{error.detail}</p>}
      {rows.length > 0 && (
        <ul className="bad-rows small mono" data-testid="bad-rows">
          {rows.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path && <span className="num">{path}</span>} {message}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

function Taken({ dataset }: { dataset: DatasetInfo }) {
  const { assetName: asset, exchange, timeFrame } = dataset;
  return (
    <Notice title={`${seriesName(dataset)} is in the catalogue.`}>
      <p className="num">
        {whole(dataset.rows)} {dataset.kind === "bars" ? "bars" : "rows"}, {barTime(dataset.first, timeFrame)} –{" "}
        {barTime(dataset.last, timeFrame)}
      </p>
      {dataset.kind === "bars" && (
        <ButtonLink small href={`/new?${new URLSearchParams({ asset, exchange, timeFrame }).toString()}`}>
          Run something on it
        </ButtonLink>
      )}
    </Notice>
  );
}
