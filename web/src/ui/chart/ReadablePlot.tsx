/** The frame of a chart that the keyboard reads: what stands in it is told by a text beside it. */
import type { ComponentProps, Ref } from "react";
import type { Cursor } from "./useCursor";

interface ReadablePlotProps extends ComponentProps<"div"> {
  frame: Ref<HTMLDivElement>;
  cursor: Cursor;
  label: string;
  /** The id of a text that tells what the chart shows. */
  told: string;
}

export function ReadablePlot({ frame, cursor, label, told, className = "", ...rest }: ReadablePlotProps) {
  return (
    <div
      ref={frame}
      className={`plot ${className}`}
      role="application"
      aria-roledescription="chart"
      aria-label={label}
      aria-describedby={told}
      tabIndex={0}
      onKeyDown={cursor.onKey}
      onBlur={cursor.leave}
      {...rest}
    />
  );
}
