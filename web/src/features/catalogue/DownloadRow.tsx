/** One download: what of, how far, and what can be done with it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelDownload, deleteDownload, resumeDownload } from "@/api/downloads";
import type { ApiError } from "@/api/http";
import { isTerminal } from "@/api/types";
import type { Download } from "@/api/types";
import { fraction, rate, whole, wholePercent } from "@/format/numbers";
import { marketDay, span } from "@/format/times";
import { Button, IconButton } from "@/ui/Button";
import { Progress } from "@/ui/Progress";
import { StatusPill } from "@/ui/run/StatusPill";

const PHASES: Record<NonNullable<Download["phase"]>, string> = {
  queued: "Waits for another download of the exchange",
  connecting: "Asks for the market",
  fetching: "Fetching",
  waiting: "Waiting",
  importing: "Checking the bars",
};

export function DownloadRow({ download }: { download: Download }) {
  const { exchange, symbol, assetName, timeFrame, startTime, endTime } = download;
  const name = [symbol ?? assetName, exchange, timeFrame].join(" · ");
  const active = !isTerminal(download.status);
  return (
    <li>
      <div className="download-head">
        <div>
          <strong>{name}</strong>
          <span className="faint small">
            {marketDay(startTime)} – {endTime === null ? "now" : marketDay(endTime)}
          </span>
        </div>
        <div className="row">
          <StatusPill run={download} />
          <Acts download={download} name={name} />
        </div>
      </div>
      {active ? <Going download={download} name={name} /> : <Ended download={download} />}
    </li>
  );
}

function Going({ download, name }: { download: Download; name: string }) {
  const { fetched, expected, phase, notice, etaSeconds } = download;
  const share = expected === null || phase === "importing" ? null : fraction(fetched, expected);
  const doing = (phase === "waiting" ? notice : null) ?? (phase ? PHASES[phase] : download.status);
  const line = [
    doing,
    fetched > 0 && `${whole(fetched)}${expected === null ? "" : ` of ${whole(expected)}`} bars`,
    download.ratePerSecond !== null && rate(download.ratePerSecond, "bars"),
    etaSeconds !== null && `${span(etaSeconds * 1000)} left`,
  ].filter(Boolean);
  return (
    <>
      <Progress
        share={share}
        label={`Download of ${name}`}
        text={share === null ? doing : `${doing}, ${wholePercent(share)}`}
      />
      <p className="small soft num">{line.join(" · ")}</p>
    </>
  );
}

function Ended({ download }: { download: Download }) {
  const { fetched, gapCount, errorMessage, notice, status } = download;
  const gaps = gapCount ? `${whole(gapCount)} ${gapCount === 1 ? "gap" : "gaps"}` : null;
  const kept = status === "Completed" ? null : "kept for when it is resumed";
  const line = [fetched > 0 && `${whole(fetched)} bars`, fetched > 0 && kept, gaps, notice].filter(Boolean);
  return (
    <>
      {errorMessage !== null && <p className="wrong">{errorMessage}</p>}
      {line.length > 0 && <p className="small soft num">{line.join(" · ")}</p>}
    </>
  );
}

function Acts({ download, name }: { download: Download; name: string }) {
  const queries = useQueryClient();
  const act = useMutation<unknown, ApiError, (id: string) => Promise<unknown>>({
    mutationFn: (asked) => asked(download.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["downloads"] }),
  });
  const again = download.endTime === null && download.status === "Completed" ? "Update" : "Resume";
  const canResume = download.status !== "Completed" || download.endTime === null;
  return (
    <>
      {act.error && <span className="wrong small">{act.error.detail}</span>}
      {!isTerminal(download.status) && (
        <Button small disabled={download.cancelRequested || act.isPending} onClick={() => act.mutate(cancelDownload)}>
          Cancel
        </Button>
      )}
      {isTerminal(download.status) && canResume && (
        <Button small disabled={act.isPending} onClick={() => act.mutate(resumeDownload)}>
          {again}
        </Button>
      )}
      {isTerminal(download.status) && (
        <IconButton
          icon="bin"
          label={`Forget the download of ${name}`}
          disabled={act.isPending}
          onClick={() => act.mutate(deleteDownload)}
        />
      )}
    </>
  );
}
