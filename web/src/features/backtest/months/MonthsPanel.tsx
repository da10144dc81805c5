/** The returns of a backtest by month, a row a year. */
import { useQuery } from "@tanstack/react-query";
import type { CSSProperties } from "react";
import { fetchEquity } from "@/api/equity";
import type { StatusBody } from "@/api/types";
import { signedPercent, whole } from "@/format/numbers";
import { axisTime } from "@/format/times";
import { Failure, Skeleton } from "@/ui/Notice";
import { TableScroll } from "@/ui/TableScroll";
import { monthsOf, strengthOf, yearsOf } from "./months";
import type { Month } from "./months";

/** As many as the server sends: the last one of a month is at most a few bars before its end. */
const POINTS = 20_000;
const TWELVE = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 15));

export function MonthsPanel({ run, cash }: { run: StatusBody; cash: number }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["equity", "backtest", run.runKey, run.resultAttempt, "fine"],
    queryFn: ({ signal }) => fetchEquity(run.runKey, POINTS, signal),
    staleTime: Infinity,
    gcTime: 60_000,
    select: ({ points, total }) => ({ months: monthsOf(points, cash), isThinned: points.length < total }),
  });
  return (
    <section className="panel" id="months" aria-labelledby="months-head">
      <header>
        <h2 id="months-head">Returns by month</h2>
        {data && <span className="faint small num">{inShort(data.months)}</span>}
      </header>
      {data ? (
        <>
          <MonthsTable months={data.months} />
          {data.isThinned && (
            <p className="table-note small faint">
              Of {whole(POINTS)} points of the equity: a month may end a few bars early here.
            </p>
          )}
        </>
      ) : (
        <div className="body">
          {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton tall />}
        </div>
      )}
    </section>
  );
}

function MonthsTable({ months }: { months: readonly Month[] }) {
  const digits = months.some(({ returnPct }) => Math.abs(returnPct) >= 10) ? 1 : 2;
  const cell = (value: number | null, key: number) => {
    if (value === null)
      return (
        <td key={key} className="right faint">
          –
        </td>
      );
    const text = signedPercent(value, digits);
    const tone = value > 0 ? "gained" : value < 0 ? "lost" : "";
    const style = { "--strength": strengthOf(value, months).toFixed(3) } as CSSProperties;
    return (
      <td key={key} className={`right month ${tone}`} style={style}>
        {text}
      </td>
    );
  };
  return (
    <TableScroll label="Table of returns by month">
      <table className="months">
        <thead>
          <tr>
            <th scope="col">Year</th>
            {TWELVE.map((ms) => (
              <th key={ms} scope="col" className="right">
                {axisTime(ms, "month")}
              </th>
            ))}
            <th scope="col" className="right">
              Whole year
            </th>
          </tr>
        </thead>
        <tbody>
          {yearsOf(months).map(({ year, months: twelve, total }) => (
            <tr key={year}>
              <th scope="row">{year}</th>
              {twelve.map(cell)}
              <td className={`right ${total > 0 ? "gain" : total < 0 ? "loss" : ""}`}>
                <strong>{signedPercent(total, digits)}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** `7 of 12 months gained; best Jul 2020 with +3.1%, worst Mar 2020 with −2.0%.` */
export function inShort(months: readonly Month[]): string {
  const first = months[0];
  if (!first) return "";
  const best = months.reduce((high, each) => (each.returnPct > high.returnPct ? each : high), first);
  const worst = months.reduce((low, each) => (each.returnPct < low.returnPct ? each : low), first);
  const gained = months.filter(({ returnPct }) => returnPct > 0).length;
  const named = ({ year, month, returnPct }: Month): string =>
    `${axisTime(Date.UTC(year, month, 15), "month")} ${String(year)} with ${signedPercent(returnPct)}`;
  const count = `${whole(gained)} of ${whole(months.length)} ${months.length === 1 ? "month" : "months"} gained`;
  return months.length === 1 ? `${count}.` : `${count}; best ${named(best)}, worst ${named(worst)}.`;
}
