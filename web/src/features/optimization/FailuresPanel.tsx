/** Why trials failed, equal reasons together, the most frequent first. */
import { useState } from "react";
import type { OptimizationResult } from "@/api/types";
import { whole } from "@/format/numbers";
import { Button } from "@/ui/Button";

type Failures = OptimizationResult["failures"];

const AT_FIRST = 5;

export function FailuresPanel({ failures, onShow }: { failures: Failures; onShow: () => void }) {
  const [all, setAll] = useState(false);
  const ordered = [...failures].sort((a, b) => b.count - a.count);
  const shown = all ? ordered : ordered.slice(0, AT_FIRST);
  return (
    <section className="panel" aria-labelledby="failures-head">
      <header>
        <h2 id="failures-head">Failures</h2>
        <span className="faint small num">
          {failures.length === 1 ? "one reason" : `${whole(failures.length)} different reasons`}
        </span>
        <span className="push">
          <Button small onClick={onShow}>
            Show the failed trials
          </Button>
        </span>
      </header>
      <ul className="failures" data-testid="failures">
        {shown.map(({ message, count }) => (
          <li key={message}>
            <span className="num loss">{whole(count)} ×</span>
            <span className="mono">{message}</span>
          </li>
        ))}
      </ul>
      {shown.length < ordered.length && (
        <p className="failures-more">
          <Button small look="quiet" onClick={() => setAll(true)}>
            Show {whole(ordered.length - shown.length)} more
          </Button>
        </p>
      )}
    </section>
  );
}
