/** The data sets with what they hold, and a way to be rid of one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { deleteDataset } from "@/api/datasets";
import type { DatasetInfo } from "@/api/types";
import { exact, NONE, whole } from "@/format/numbers";
import { barTime, localTime } from "@/format/times";
import { seriesName } from "@/live/catalogue";
import { Ask } from "@/ui/Ask";
import { IconButton } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Pill, SyntheticPill } from "@/ui/Pill";
import { TableScroll } from "@/ui/TableScroll";
import { KIND_NAMES } from "./kinds";

export function DatasetTable({ datasets }: { datasets: readonly DatasetInfo[] }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<DatasetInfo | null>(null);
  const remove = useMutation({
    mutationFn: deleteDataset,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["datasets"] }),
  });
  const rows = [...datasets].sort((a, b) => seriesName(a).localeCompare(seriesName(b)) || b.version - a.version);
  return (
    <>
      {remove.error && (
        <div className="body">
          <Notice tone="bad" title="It was not deleted.">
            <p>{remove.error.message}</p>
          </Notice>
        </div>
      )}
      <TableScroll label="Table of data sets">
        <table className="datasets">
          <thead>
            <tr>
              <th scope="col">Series</th>
              <th scope="col" className="right">
                Rows
              </th>
              <th scope="col">First</th>
              <th scope="col">Last</th>
              <th scope="col" className="right">
                Tick
              </th>
              <th scope="col">Quote</th>
              <th scope="col" className="right">
                Gaps
              </th>
              <th scope="col">Source</th>
              <th scope="col">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((each) => (
              <Row key={each.id} dataset={each} busy={remove.isPending} onDelete={() => setAsking(each)} />
            ))}
          </tbody>
        </table>
      </TableScroll>
      {asking && (
        <Ask
          title={`Delete ${seriesName(asking)}?`}
          act="Delete"
          onAct={() => remove.mutate(asking.id)}
          onClose={() => setAsking(null)}
        >
          <p>
            Version {whole(asking.version)} with {whole(asking.rows)} {asking.kind === "bars" ? "bars" : "rows"} goes.
            Results of earlier runs stay.
          </p>
        </Ask>
      )}
    </>
  );
}

function Row({ dataset, busy, onDelete }: { dataset: DatasetInfo; busy: boolean; onDelete: () => void }) {
  const { assetName, exchange, timeFrame, kind, gaps, gapCount, quarantined } = dataset;
  const ofBars = kind === "bars";
  const longest = gaps
    .slice(0, 10)
    .map((gap) => `${barTime(gap.from, timeFrame)} – ${barTime(gap.to, timeFrame)}: ${whole(gap.bars)} bars`)
    .join("\n");
  return (
    <tr data-dataset={dataset.id}>
      <td>
        <span className="row">
          {ofBars ? (
            <Link href={`/new?${new URLSearchParams({ asset: assetName, exchange, timeFrame }).toString()}`}>
              <strong>{assetName}</strong>
            </Link>
          ) : (
            <strong>{assetName}</strong>
          )}
          <span className="soft">{ofBars ? `${exchange} · ${timeFrame}` : exchange}</span>
          {!ofBars && <Pill>{KIND_NAMES[kind]}</Pill>}
          {dataset.version > 1 && <span className="faint">version {whole(dataset.version)}</span>}
          {dataset.synthetic && <SyntheticPill />}
        </span>
      </td>
      <td className="right">
        {whole(dataset.rows)}
        {quarantined > 0 && <span className="faint"> ({whole(quarantined)} left out)</span>}
      </td>
      <td>{barTime(dataset.first, timeFrame)}</td>
      <td>{barTime(dataset.last, timeFrame)}</td>
      <td className="right">{ofBars ? exact(dataset.tickSize) : NONE}</td>
      <td>{dataset.quote}</td>
      <td className="right" title={longest || undefined}>
        {!ofBars ? NONE : gapCount === 0 ? <span className="faint">none</span> : whole(gapCount)}
      </td>
      <td className="soft source" title={`${dataset.source}\nAdded ${localTime(dataset.ingestedAt)}`}>
        {dataset.source || "–"}
      </td>
      <td className="right act">
        <IconButton label={`Delete ${seriesName(dataset)}`} icon="bin" disabled={busy} onClick={onDelete} />
      </td>
    </tr>
  );
}
