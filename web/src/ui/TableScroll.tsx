/** The frame in which a wide table scrolls sideways; shadows at its edges tell that there is more. */
import type { ReactNode } from "react";

interface TableScrollProps {
  label: string;
  /** Whether it scrolls downwards too, below a head that stays. */
  tall?: boolean;
  children: ReactNode;
}

export function TableScroll({ label, tall = false, children }: TableScrollProps) {
  return (
    <div className={tall ? "table-scroll tall" : "table-scroll"} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
