/** Metrics side by side with the best marked, and what decided them with the differences marked. */
import type { ReactNode } from "react";
import { metricOf, METRIC_GROUPS, METRICS } from "@/ui/run/metrics";
import { TableScroll } from "@/ui/TableScroll";
import { toneOf } from "@/ui/Facts";
import { Swatch } from "./CurvesPanel";
import { bestOf, settingRows } from "./judge";
import type { Row } from "./judge";
import type { Ready } from "./useCompared";

function Head({ runs, first }: { runs: readonly Ready[]; first: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {runs.map(({ runKey, run }, index) => (
          <th scope="col" className="right" key={runKey} title={runKey}>
            <Swatch index={index} /> <span className="clip">{run.label ?? run.strategyName}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Panel({ id, title, note, children }: { id: string; title: string; note: string; children: ReactNode }) {
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span className="small faint push">{note}</span>
      </header>
      <TableScroll label={`Table of ${title.toLowerCase()}`}>{children}</TableScroll>
    </section>
  );
}

export function MetricsPanel({ runs }: { runs: readonly Ready[] }) {
  return (
    <Panel id="metrics-head" title="Metrics" note="The best of each row is marked">
      <table className="compare">
        <Head runs={runs} first="Metric" />
        {METRIC_GROUPS.map(([group, names]) => (
          <tbody key={group}>
            <tr className="group">
              <th scope="rowgroup" colSpan={runs.length + 1}>
                {group}
              </th>
            </tr>
            {names.map((name) => {
              const values = runs.map(({ result }) => metricOf(result.metrics, name));
              const best = bestOf(name, values);
              return (
                <tr key={name} title={METRICS[name].meaning}>
                  <th scope="row">{METRICS[name].name}</th>
                  {values.map((value, index) => (
                    <td key={runs[index]?.runKey} className={best.has(index) ? "right best" : "right"}>
                      <span className={METRICS[name].signed && toneOf(value)}>{METRICS[name].show(value)}</span>
                      {best.has(index) && <span className="sr-only"> best</span>}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </Panel>
  );
}

export function SettingsPanel({ runs }: { runs: readonly Ready[] }) {
  const rows = settingRows(runs.map(({ result }) => result));
  const differing = rows.filter(({ differs }) => differs);
  const same = rows.filter(({ differs }) => !differs);
  return (
    <Panel id="settings-head" title="Parameters and settings" note="What differs is marked and comes first">
      <table className="compare" data-testid="settings">
        <Head runs={runs} first="Setting" />
        <Settings group="Differs" rows={differing} runs={runs} />
        <Settings group="The same in all" rows={same} runs={runs} />
      </table>
    </Panel>
  );
}

function Settings({ group, rows, runs }: { group: string; rows: readonly Row[]; runs: readonly Ready[] }) {
  if (rows.length === 0) return null;
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup" colSpan={runs.length + 1}>
          {group}
        </th>
      </tr>
      {rows.map(({ name, values, differs }, at) => (
        <tr key={`${String(at)} ${name}`} className={differs ? "differs" : undefined}>
          <th scope="row">{name}</th>
          {values.map((value, index) => (
            <td key={runs[index]?.runKey} className="right">
              {value}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
