/** A surface as coloured cells on a canvas, read with the pointer or the arrow keys. */
import { useEffect, useRef } from "react";
import type { KeyboardEvent, MouseEvent } from "react";
import type { Surface } from "@/api/types";
import { spoken } from "@/format/words";
import { colourAt } from "@/ui/chart/palette";
import type { Rgb } from "@/ui/chart/palette";
import { shareOn } from "@/ui/chart/scale";
import type { Scale } from "@/ui/chart/scale";
import { shown } from "@/ui/run/SettingsFacts";
import { cellAt, moved, ticksOf } from "./grid";
import type { Cell, Neighbourhood } from "./grid";

interface HeatMapProps {
  surface: Surface;
  scale: Scale | null;
  ramp: readonly Rgb[];
  /** The cell that is read, and the one that was chosen. */
  at: Cell | null;
  chosen: Cell | null;
  leader: Cell | null;
  /** The cells next to the one that is told. */
  around: Neighbourhood | null;
  onAt: (cell: Cell | null) => void;
  onChosen: (cell: Cell | null) => void;
  describedBy: string;
}

const MOST_X_TICKS = 6;
const MOST_Y_TICKS = 5;

export function HeatMap({
  surface,
  scale,
  ramp,
  at,
  chosen,
  leader,
  around,
  onAt,
  onChosen,
  describedBy,
}: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, surface, scale, ramp);
  }, [surface, scale, ramp]);

  const under = (event: MouseEvent<HTMLElement>): Cell | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(surface, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") return onChosen(null);
    const next = event.key === "Enter" || event.key === " " ? at : moved(surface, at ?? chosen ?? leader, event.key);
    if (!next) return;
    event.preventDefault();
    if (next === at) onChosen(at);
    else onAt(next);
  };
  const names = `${spoken(surface.x)} and ${spoken(surface.y)}`;
  return (
    <div className="map">
      <Ticks axis="y" values={surface.yValues} most={MOST_Y_TICKS} />
      <div
        className="map-field"
        data-rows={surface.yValues.length < 4 ? "few" : undefined}
        role="application"
        aria-roledescription="heat map"
        aria-label={`Heat map over ${names}: arrow keys move between cells, Enter chooses one`}
        aria-describedby={describedBy}
        tabIndex={0}
        onPointerMove={(event) => onAt(under(event))}
        onPointerLeave={() => onAt(null)}
        onClick={(event) => onChosen(under(event))}
        onKeyDown={onKey}
        data-testid="heat-map"
        data-trials={surface.trials}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {around && <Mark surface={surface} cell={around.from} to={around.to} className="map-around" />}
        {leader && <Mark surface={surface} cell={leader} className="map-leader" ring />}
        {chosen && <Mark surface={surface} cell={chosen} className="map-chosen" />}
        {at && <Mark surface={surface} cell={at} className="map-at" />}
      </div>
      <Ticks axis="x" values={surface.xValues} most={MOST_X_TICKS} />
    </div>
  );
}

/** One pixel for each cell: the browser enlarges them. */
function paint(canvas: HTMLCanvasElement, surface: Surface, scale: Scale | null, ramp: readonly Rgb[]): void {
  const [width, height] = [surface.xValues.length, surface.yValues.length];
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context || !scale || width === 0 || height === 0) return;
  const image = context.createImageData(width, height);
  surface.values.forEach((row, index) => {
    row.forEach((value, column) => {
      if (value === null) return;
      image.data.set([...colourAt(ramp, shareOn(scale, value)), 255], 4 * ((height - 1 - index) * width + column));
    });
  });
  context.putImageData(image, 0, 0);
}

interface MarkProps {
  surface: Surface;
  cell: Cell;
  /** Up to there; the one cell alone without it. */
  to?: Cell;
  className: string;
  ring?: boolean;
}

function Mark({ surface, cell, to = cell, className, ring }: MarkProps) {
  const [columns, rows] = [surface.xValues.length, surface.yValues.length];
  return (
    <span
      className={className}
      aria-hidden="true"
      style={{
        left: `${String((100 * cell.column) / columns)}%`,
        bottom: `${String((100 * cell.row) / rows)}%`,
        width: `${String((100 * (to.column - cell.column + 1)) / columns)}%`,
        height: `${String((100 * (to.row - cell.row + 1)) / rows)}%`,
      }}
    >
      {ring && <span className="ring" />}
    </span>
  );
}

function Ticks({ axis, values, most }: { axis: "x" | "y"; values: Surface["xValues"]; most: number }) {
  const edge = axis === "x" ? "left" : "bottom";
  const longest = Math.max(...values.map((value) => shown(value).length));
  return (
    <ol
      className={`map-ticks ${axis} num small faint`}
      aria-hidden="true"
      style={axis === "y" ? { width: `${String(longest)}ch` } : undefined}
    >
      {ticksOf(values.length, most).map((place) => (
        <li key={place} style={{ [edge]: `${String((100 * (place + 0.5)) / values.length)}%` }}>
          {shown(values[place])}
        </li>
      ))}
    </ol>
  );
}
