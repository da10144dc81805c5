/** A line that goes on level until the next point: what held from when on. */
import { useId, useState } from "react";
import type { PointerEvent } from "react";
import { pathOf, pointAt, valueRange } from "./steps";
import type { Step } from "./steps";

interface StepLineProps {
  points: readonly Step[];
  /** How far the axis goes, and up to where the last point holds. */
  total: number;
  end: number;
  label: string;
  showX: (x: number) => string;
  showY: (y: number) => string;
}

export function StepLine({ points, total, end, label, showX, showY }: StepLineProps) {
  const [at, setAt] = useState<number | null>(null);
  const reading = useId();
  const [low, high] = valueRange(points);
  const read = at === null ? points.at(-1) : pointAt(points, at);
  const share = (x: number): string => `${String((100 * x) / Math.max(1, total))}%`;
  const onPointer = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(((event.clientX - box.left) / box.width) * total);
  };
  return (
    <div className="step-line">
      <p className="faint small num" id={reading}>
        {read && `${showX(read[0])}: `}
        {read && <strong>{showY(read[1])}</strong>}
      </p>
      <div
        className="step-plot"
        role="img"
        aria-label={label}
        aria-describedby={reading}
        data-points={points.length}
        onPointerMove={onPointer}
        onPointerLeave={() => setAt(null)}
      >
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
          <path d={pathOf(points, { total, end, low, high })} vectorEffect="non-scaling-stroke" />
        </svg>
        {at !== null && read && <span className="needle" style={{ left: share(read[0]) }} />}
      </div>
      <p className="ends num small faint">
        <span>{showX(0)}</span>
        <span>{showX(total)}</span>
      </p>
    </div>
  );
}
