/** User files that do not load, each with the place and the reason. */
import type { StrategyInfo } from "@/api/types";
import { Notice } from "../Notice";

export function BrokenFiles({ strategies }: { strategies: readonly StrategyInfo[] }) {
  if (strategies.length === 0) return null;
  return (
    <Notice
      tone="bad"
      title={
        strategies.length === 1
          ? "One strategy file does not load"
          : `${String(strategies.length)} strategy files do not load`
      }
    >
      <ul className="broken-files" data-testid="broken-files">
        {strategies.map(({ name, file, error }) => (
          <li key={file ?? name}>
            <p className="mono">
              {error?.file ?? file}
              {error && error.line > 0 ? `, line ${String(error.line)}` : ""}
            </p>
            <pre className="reason">{error?.message}</pre>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
