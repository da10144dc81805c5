/** A part that most readers leave alone: folded away, but never over something that needs a look. */
import { useState } from "react";
import type { ReactNode } from "react";

interface FoldProps {
  title: string;
  /** What is set inside, told while it is closed. */
  note?: string;
  /** Something inside needs a look. */
  urgent?: boolean;
  children: ReactNode;
}

export function Fold({ title, note, urgent = false, children }: FoldProps) {
  const [open, setOpen] = useState(note !== undefined && note !== "");
  return (
    <details className="fold" open={open || urgent} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title} {note && <span className="faint small">{note}</span>}
      </summary>
      {children}
    </details>
  );
}
