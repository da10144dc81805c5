/** In place of an event log that was not kept: what it is, and how to get it. */
import { whole } from "@/format/numbers";
import { Button } from "@/ui/Button";

interface NoLogProps {
  bars: number;
  busy: boolean;
  onRun: () => void;
}

/** About two events a bar, of some hundred bytes each: worth a warning from here on. */
const MANY_BARS = 100_000;

export function NoLog({ bars, busy, onRun }: NoLogProps) {
  return (
    <section className="panel" id="events" aria-labelledby="events-head">
      <header>
        <h2 id="events-head">Event log</h2>
      </header>
      <div className="empty">
        <p>
          This run kept no event log: every bar, order, fill, position and signal in its order. Run it again with the
          log to have one; the result here stays until the new one is there.
        </p>
        {bars > MANY_BARS && <p className="small faint">It has {whole(bars)} bars: the log will be large.</p>}
        <Button icon="again" disabled={busy} onClick={onRun}>
          Run again with the event log
        </Button>
        <p className="small faint">
          A submission asks for it with <code>&quot;eventLog&quot;: true</code>.
        </p>
      </div>
    </section>
  );
}
