/** Has bars fetched from an exchange, and shows how far that is. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { submitDownload } from "@/api/downloads";
import type { ApiError } from "@/api/http";
import type { Download } from "@/api/types";
import { useDownloads } from "@/live/downloads";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Failure, Notice } from "@/ui/Notice";
import { DownloadRow } from "./DownloadRow";
import { NO_DRAFT, missingIn, requestOf } from "./downloadDraft";

export function DownloadsPanel() {
  const { data, error, refetch } = useDownloads();
  return (
    <section className="panel" id="download" aria-labelledby="download-head">
      <header>
        <h2 id="download-head">Download data</h2>
        <span className="faint small">bars of an exchange that ccxt knows, fetched by the server</span>
      </header>
      <DownloadForm />
      {error && !data && (
        <div className="body">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {data && data.length > 0 && (
        <ul className="downloads" aria-label="Downloads">
          {data.map((each) => (
            <DownloadRow key={each.id} download={each} />
          ))}
        </ul>
      )}
    </section>
  );
}

function DownloadForm() {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(NO_DRAFT);
  const [tried, setTried] = useState(false);
  const submit = useMutation<Download, ApiError, typeof draft>({
    mutationFn: (asked) => submitDownload(requestOf(asked)),
    onSuccess: () => {
      setTried(false);
      return queries.invalidateQueries({ queryKey: ["downloads"] });
    },
  });
  const missing = missingIn(draft);
  const field = (name: keyof typeof draft) => ({
    id: `download-${name}`,
    value: draft[name],
    onValue: (value: string) => setDraft({ ...draft, [name]: value }),
    error:
      submit.error?.errors.find(({ path }) => path === name)?.message ??
      (tried && missing.includes(name) ? "This is needed." : undefined),
  });
  const shown = submit.error?.errors.some(({ path }) => path in draft) ?? false;
  return (
    <form
      className="body stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (missing.length === 0) submit.mutate(draft);
      }}
    >
      <div className="fields">
        <TextField label="Exchange" placeholder="binance" {...field("exchange")} />
        <TextField label="Market" placeholder="BTC/USDT" {...field("symbol")} />
        <TextField label="Time frame" placeholder="1h" hint="1m, 5m, 1h, 1d…" {...field("timeFrame")} />
        <TextField label="First day (UTC)" type="date" {...field("startTime")} />
        <TextField label="Last day (UTC)" type="date" hint="empty: up to now" {...field("endTime")} />
      </div>
      {submit.error && !shown && (
        <Notice tone="bad" title="Nothing is fetched.">
          <p>{submit.error.detail}</p>
        </Notice>
      )}
      <div>
        <Button type="submit" look="primary" disabled={submit.isPending}>
          Download
        </Button>
      </div>
    </form>
  );
}
