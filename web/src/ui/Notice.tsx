/** Something went wrong, is missing, or has not come yet. */
import type { ReactNode } from "react";
import { Button } from "./Button";

export function Notice({ tone, title, children }: { tone?: "bad" | "warn"; title: string; children?: ReactNode }) {
  return (
    <div className={tone ? `notice ${tone}` : "notice"} role={tone === "bad" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <Notice tone="bad" title="This could not be loaded.">
      <p>{error.message}</p>
      {onRetry && (
        <div>
          <Button small onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </Notice>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <svg
        viewBox="0 0 56 56"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeLinecap="round"
        aria-hidden="true"
      >
        <path d="M8 46h40M12 38l10-11 8 6 14-19" strokeLinejoin="round" />
        <circle cx="44" cy="14" r="3" />
      </svg>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Skeleton({ tall }: { tall?: boolean }) {
  return <div className={tall ? "skeleton tall" : "skeleton"} role="status" aria-label="Loading" />;
}
