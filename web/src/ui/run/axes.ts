/** The axes of an optimization in words. */
import type { Axis } from "@/api/types";
import { exact } from "@/format/numbers";

type Axes = Readonly<Record<string, Axis>>;

function shown(value: NonNullable<Axis["values"]>[number] | undefined): string {
  if (typeof value === "number") return exact(value);
  return typeof value === "object" ? `${value.assetName} · ${value.exchange} · ${value.timeFrame}` : String(value);
}

/** `5 to 50 in steps of 5`, `20, 50`, `long`. */
export function axisText({ min, max, step, values, fixed }: Axis): string {
  if (fixed !== undefined) return shown(fixed);
  if (values) return values.map(shown).join(", ");
  return `${shown(min)} to ${shown(max)}${step === undefined ? "" : ` in steps of ${shown(step)}`}`;
}

/** The parameters that differ between trials; all of them where none does. */
export function variedNames(axes: Axes): string[] {
  const names = Object.keys(axes);
  const varied = names.filter((name) => isVaried(axes[name] ?? {}));
  return varied.length > 0 ? varied : names;
}

const isVaried = ({ min, max, values }: Axis): boolean =>
  values ? values.length > 1 : min !== undefined && max !== undefined && max > min;
