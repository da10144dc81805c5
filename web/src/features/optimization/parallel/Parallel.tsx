/** The lines on their canvas with the axes over them, and in words what the ranges pick out. */
import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { Sample } from "@/api/types";
import { rampOf } from "@/ui/chart/palette";
import { inkOf, useShade } from "@/ui/theme";
import type { TrialLink } from "../trialLinks";
import { axesOf, chosenOf, withBrush } from "./axes";
import type { Brushes } from "./axes";
import { AxisBrush } from "./AxisBrush";
import { ChosenTrials } from "./ChosenTrials";
import { paintLines, shadesOf } from "./paint";

interface ParallelProps {
  sample: Sample;
  names: readonly string[];
  linkOf: TrialLink;
}

/** Of the colours of a heat map those that stand out from the ground: a line is thin. */
const lineRamp = (shade: "light" | "dark") =>
  shade === "light" ? rampOf("sequential", shade).slice(0, 190) : rampOf("sequential", shade).slice(70);

const NO_BRUSHES: Brushes = {};
const NO_VALUES: readonly number[] = [];

export function Parallel({ sample, names, linkOf }: ParallelProps) {
  const reading = useId();
  const shade = useShade();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [brushes, setBrushes] = useState(NO_BRUSHES);
  const axes = useMemo(() => axesOf(sample, names), [sample, names]);
  const chosen = useMemo(() => chosenOf(axes, brushes), [axes, brushes]);
  const hasBrush = Object.keys(brushes).length > 0;
  const values = sample.values[0] ?? NO_VALUES;
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const lines = {
      axes,
      chosen: hasBrush ? new Set(chosen) : null,
      shades: shadesOf(values),
      ramp: lineRamp(shade),
      faint: inkOf("line-strong"),
    };
    const paint = (): void => paintLines(target, lines);
    paint();
    const resized = new ResizeObserver(paint);
    resized.observe(target);
    return () => resized.disconnect();
  }, [axes, chosen, hasBrush, values, shade]);
  return (
    <div className="parallel">
      <div className="parallel-scroll" tabIndex={0} role="region" aria-label="Lines of trials over the axes">
        <div
          className="parallel-field"
          style={{ minWidth: `${String(9.5 + 6 * (axes.length - 1))}rem` }}
          data-testid="parallel"
          data-lines={sample.index.length}
          data-chosen={chosen.length}
        >
          <canvas ref={canvas} aria-hidden="true" />
          <div className="parallel-axes">
            {axes.map((axis, place) => (
              <AxisBrush
                key={axis.key}
                axis={axis}
                at={place / (axes.length - 1)}
                range={brushes[axis.key]}
                onRange={(range) => setBrushes((before) => withBrush(before, axis.key, range))}
              />
            ))}
          </div>
        </div>
      </div>
      <ChosenTrials
        id={reading}
        {...{ sample, names, chosen, linkOf }}
        onClear={hasBrush ? () => setBrushes(NO_BRUSHES) : null}
      />
    </div>
  );
}
