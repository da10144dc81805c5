/** Keeps a chart of a run as a picture that tells which run it is of. */
import type { RefObject } from "react";
import type { StatusBody } from "@/api/types";
import { SavePicture } from "../SavePicture";

interface RunPictureProps {
  run: StatusBody;
  of: RefObject<HTMLElement | null>;
  /** What the chart is called on the page. */
  chart: string;
  /** What its axes are, where it does not say so itself. */
  axes?: string;
}

export function RunPicture({ run, of, chart, axes }: RunPictureProps) {
  const { strategyName, assetName, exchange, timeFrame, runKey } = run;
  return (
    <SavePicture
      of={of}
      name={`${runKey}.${chart.toLowerCase().replaceAll(" ", "-")}`}
      title={`${chart}: ${strategyName} on ${assetName} · ${exchange} · ${timeFrame}`}
      note={axes ? `${axes} · ${runKey}` : runKey}
    />
  );
}
