/** The parts of a report, to be gone to. */
const PARTS = [
  ["equity", "Equity"],
  ["prices", "Prices"],
  ["trades", "Trades"],
  ["months", "Months"],
  ["metrics", "Metrics"],
  ["orders", "Orders"],
  ["events", "Event log"],
  ["settings", "Settings"],
] as const;

export function ReportNav() {
  return (
    <nav className="report-nav small" aria-label="Parts of the report">
      {PARTS.map(([id, name]) => (
        <a key={id} href={`#${id}`}>
          {name}
        </a>
      ))}
    </nav>
  );
}
