/** Why trials failed, equal reasons together. */
import type { OptimizationResult } from "@/api/types";
import { whole } from "@/format/numbers";
import { Button } from "@/ui/Button";

type Failures = OptimizationResult["failures"];

export function FailuresPanel({ failures, onShow }: { failures: Failures; onShow: () => void }) {
  return (
    <section className="panel" aria-labelledby="failures-head">
      <header>
        <h2 id="failures-head">Failures</h2>
        <span className="push">
          <Button small onClick={onShow}>
            Show the failed trials
          </Button>
        </span>
      </header>
      <ul className="failures" data-testid="failures">
        {failures.map(({ message, count }) => (
          <li key={message}>
            <span className="num loss">{whole(count)} ×</span>
            <span className="mono">{message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
