/** All trials as points, those on the front joined: drawn on a canvas, told by the table below it. */
import { useEffect, useMemo, useRef } from "react";
import type { Sample } from "@/api/types";
import { metricName, showMetric } from "@/ui/run/metrics";
import { inkOf, useShade } from "@/ui/theme";
import { frontOf, pointsOf, rangeOf, spotsOf } from "./points";
import type { Spot } from "./points";

export function FrontPlot({ sample, x, y }: { sample: Sample; x: number; y: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shade = useShade();
  const points = useMemo(() => pointsOf(sample, x, y), [sample, x, y]);
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const colours = { faint: inkOf("ink-faint"), front: inkOf("accent"), ring: inkOf("surface") };
    const paint = (): void => paintSpots(target, spotsOf(points), colours);
    paint();
    const resized = new ResizeObserver(paint);
    resized.observe(target);
    return () => resized.disconnect();
  }, [points, shade]);
  const [across, upwards] = [sample.metrics[x] ?? "", sample.metrics[y] ?? ""];
  const [left, right] = rangeOf(points.map((point) => point.x));
  const [bottom, top] = rangeOf(points.map((point) => point.y));
  return (
    <figure
      className="front-plot"
      role="img"
      aria-label={`Trials by ${metricName(across)} and ${metricName(upwards)}; the table below lists those on the front`}
    >
      <div className="front-up small">
        <span className="num faint">{showMetric(upwards, top)}</span>
        <strong>{metricName(upwards)}</strong>
        <span className="num faint">{showMetric(upwards, bottom)}</span>
      </div>
      <canvas ref={canvas} aria-hidden="true" />
      <div className="front-across small">
        <span className="num faint">{showMetric(across, left)}</span>
        <strong>{metricName(across)}</strong>
        <span className="num faint">{showMetric(across, right)}</span>
      </div>
    </figure>
  );
}

interface Colours {
  faint: string;
  front: string;
  ring: string;
}

const FULL_TURN = 2 * Math.PI;

function paintSpots(canvas: HTMLCanvasElement, spots: readonly Spot[], { faint, front, ring }: Colours): void {
  const box = canvas.getBoundingClientRect();
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  const placeOf = ({ right, up }: Spot): [number, number] => [right * box.width, (1 - up) * box.height];
  context.fillStyle = faint;
  context.globalAlpha = 0.45;
  for (const spot of spots) {
    if (spot.isFront) continue;
    context.beginPath();
    context.arc(...placeOf(spot), 2.5, 0, FULL_TURN);
    context.fill();
  }
  context.globalAlpha = 1;
  const line = frontOf(spots);
  context.strokeStyle = front;
  context.lineWidth = 1.5;
  context.beginPath();
  line.forEach((spot, at) => (at === 0 ? context.moveTo(...placeOf(spot)) : context.lineTo(...placeOf(spot))));
  context.stroke();
  context.fillStyle = front;
  context.strokeStyle = ring;
  for (const spot of line) {
    context.beginPath();
    context.arc(...placeOf(spot), 4.5, 0, FULL_TURN);
    context.fill();
    context.stroke();
  }
}
