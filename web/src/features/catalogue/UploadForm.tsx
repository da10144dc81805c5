/** Brings bars of the reader's own: a file and the names of its series. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { uploadDataset } from "@/api/datasets";
import type { UploadNames } from "@/api/datasets";
import type { ApiError } from "@/api/http";
import type { DatasetInfo } from "@/api/types";
import { bytes, whole, wholePercent } from "@/format/numbers";
import { barTime } from "@/format/times";
import { seriesName } from "@/live/catalogue";
import { Button, ButtonLink } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Progress } from "@/ui/Progress";
import { FilePicker } from "./FilePicker";
import { guessNames } from "./guessNames";

const NO_NAMES: UploadNames = { assetName: "", exchange: "", timeFrame: "", tickSize: "", lotSize: "", quote: "" };
const REQUIRED = ["assetName", "exchange", "timeFrame"] as const;

export function UploadForm() {
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [names, setNames] = useState(NO_NAMES);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState(0);
  const upload = useMutation<DatasetInfo, ApiError, File>({
    mutationFn: (chosen) => uploadDataset(chosen, names, setSent),
    onSuccess: () => {
      setFile(null);
      setNames(NO_NAMES);
      setTried(false);
      return queries.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
  const missing = REQUIRED.filter((name) => names[name].trim() === "");
  const field = (name: keyof UploadNames) => ({
    id: `upload-${name}`,
    value: names[name],
    onValue: (value: string) => setNames({ ...names, [name]: value }),
    error:
      wrongAt(name, upload.error) ?? (tried && missing.some((each) => each === name) ? "This is needed." : undefined),
  });
  return (
    <section className="panel" id="upload" aria-labelledby="upload-head">
      <header>
        <h2 id="upload-head">Upload bars</h2>
        <span className="faint small">
          CSV with a header, Parquet or Feather: time, open, high, low, close and, when there is one, volume
        </span>
      </header>
      <form
        ref={form}
        className="body stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!file || missing.length > 0) return;
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
          <TextField label="Asset" placeholder="EURUSD" {...field("assetName")} />
          <TextField label="Exchange" placeholder="OANDA" {...field("exchange")} />
          <TextField label="Time frame" placeholder="1h" hint="1m, 5m, 1h, 1d…" {...field("timeFrame")} />
          <TextField label="Tick size" placeholder="from the prices" inputMode="decimal" {...field("tickSize")} />
          <TextField label="Lot size" placeholder="from the volumes" inputMode="decimal" {...field("lotSize")} />
          <TextField label="Quote currency" placeholder="USD" {...field("quote")} />
        </div>
        {upload.error && <Refused error={upload.error} />}
        {upload.data && <Taken dataset={upload.data} />}
        {upload.isPending && (
          <div className="stack">
            <Progress share={sent < 1 ? sent : null} label="Upload" text={wholePercent(sent)} />
            <p className="small soft num">
              {sent < 1 ? `Sending: ${wholePercent(sent)} of ${bytes(file?.size)}` : "Reading the bars"}
            </p>
          </div>
        )}
        <div>
          <Button type="submit" look="primary" disabled={upload.isPending}>
            {upload.isPending ? "Uploading…" : "Upload"}
          </Button>
        </div>
      </form>
    </section>
  );
}

const wrongAt = (name: string, error: ApiError | null): string | undefined =>
  error?.errors.find(({ path }) => path === name)?.message;

function Refused({ error }: { error: ApiError }) {
  const rows = error.errors.filter(({ path }) => !Object.hasOwn(NO_NAMES, path));
  return (
    <Notice tone="bad" title="Nothing was imported.">
      <p>{error.detail}</p>
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
        {whole(dataset.rows)} bars, {barTime(dataset.first, timeFrame)} – {barTime(dataset.last, timeFrame)}
      </p>
      <div>
        <ButtonLink small href={`/new?${new URLSearchParams({ asset, exchange, timeFrame }).toString()}`}>
          Run something on it
        </ButtonLink>
      </div>
    </Notice>
  );
}
