/** Small words with a colour that only repeats what they say. */
import type { ReactNode } from "react";

export function Pill({ tone, dot, children }: { tone?: string; dot?: boolean; children: ReactNode }) {
  return (
    <span className={tone ? `pill ${tone}` : "pill"}>
      {dot && <span className="dot" aria-hidden="true" />}
      {children}
    </span>
  );
}

export const SyntheticPill = () => (
  <span className="pill synthetic" title="Generated prices: fit for trying things out, not for conclusions">
    Synthetic data
  </span>
);
