/** The values that one parameter takes in an optimization. */
import type { ParameterInfo } from "@/api/types";
import { whole } from "@/format/numbers";
import { spoken } from "@/format/words";
import { CheckField, TextField } from "@/ui/Field";
import { Segments } from "@/ui/Segments";
import { countOf, listOf } from "./body";
import type { RangePart } from "./body";
import type { AxisDraft, AxisMode } from "./draft";
import { hintOf } from "./ParameterFields";
import { choicesOf, steppedBy, ValueField } from "./ValueField";

interface AxisFieldProps {
  info: ParameterInfo;
  unit: string | undefined;
  axis: AxisDraft | undefined;
  /** What the parameter is while it is fixed. */
  value: string;
  error: string | undefined;
  /** The message for one box of a range. */
  wrongPart: (part: RangePart) => string | undefined;
  onAxis: (axis: AxisDraft) => void;
  onValue: (value: string) => void;
}

const NUMBER_MODES = [
  ["range", "Range"],
  ["values", "List"],
  ["fixed", "Fixed"],
] as const satisfies readonly (readonly [AxisMode, string])[];
const CHOICE_MODES = [
  ["values", "List"],
  ["fixed", "Fixed"],
] as const satisfies readonly (readonly [AxisMode, string])[];

export function AxisField({ info, unit, axis, value, error, wrongPart, onAxis, onValue }: AxisFieldProps) {
  if (!axis) return null;
  const id = `axes.${info.name}`;
  const count = countOf(axis);
  return (
    <li className="axis" data-axis={info.name}>
      <div className="axis-name">
        <strong>{spoken(info.name)}</strong>
        <p className="small faint">{hintOf(info)}</p>
      </div>
      <Segments<AxisMode>
        label={`How ${spoken(info.name)} varies`}
        value={axis.mode}
        options={choicesOf(info) ? CHOICE_MODES : NUMBER_MODES}
        onValue={(mode) => onAxis({ ...axis, mode })}
      />
      <div className="axis-inputs">
        {axis.mode === "fixed" ? (
          <ValueField id={id} label="Value" info={info} unit={unit} value={value} onValue={onValue} error={error} />
        ) : axis.mode === "range" ? (
          <Range {...{ id, info, axis, onAxis, error, wrongPart }} />
        ) : choicesOf(info) ? (
          <Choices {...{ id, info, axis, onAxis, error }} />
        ) : (
          <TextField
            id={id}
            label="Values"
            aria-label={`${spoken(info.name)}: values`}
            value={axis.values}
            onValue={(values) => onAxis({ ...axis, values })}
            placeholder="10, 20, 50"
            error={error}
          />
        )}
      </div>
      <p className="axis-count num small soft">
        {count === null ? "" : `${whole(count)} ${count === 1 ? "value" : "values"}`}
      </p>
    </li>
  );
}

interface PartProps {
  id: string;
  info: ParameterInfo;
  axis: AxisDraft;
  onAxis: (axis: AxisDraft) => void;
  error: string | undefined;
}

const BOXES = [
  ["min", "From"],
  ["max", "To"],
  ["step", "Step"],
] as const satisfies readonly (readonly [RangePart, string])[];

function Range({ id, info, axis, onAxis, error, wrongPart }: PartProps & Pick<AxisFieldProps, "wrongPart">) {
  const heard = [error, ...BOXES.map(([part]) => wrongPart(part))];
  const told = [...new Set(heard.filter((message) => message !== undefined))];
  return (
    <>
      <div className="range">
        {BOXES.map(([part, label]) => (
          <TextField
            key={part}
            id={part === "min" ? id : `${id}.${part}`}
            label={label}
            {...steppedBy(info)}
            {...(part === "step" ? { min: 0, max: undefined, step: info.type === "int" ? 1 : "any" } : {})}
            value={axis[part]}
            onValue={(value) => onAxis({ ...axis, [part]: value })}
            // a complaint about the axis as a whole may be about any box
            aria-invalid={error !== undefined || wrongPart(part) !== undefined}
            aria-describedby={told.length > 0 ? `${id}-error` : undefined}
            // the visible word alone would be the same for every axis
            aria-label={`${spoken(info.name)}: ${part}`}
          />
        ))}
      </div>
      {told.length > 0 && (
        <p className="wrong small loss" role="alert" id={`${id}-error`}>
          {told.join(" ")}
        </p>
      )}
    </>
  );
}

function Choices({ id, info, axis, onAxis, error }: PartProps) {
  const chosen = new Set(listOf(axis.values));
  return (
    <>
      <div className="row" id={id} role="group" aria-label={`Values of ${spoken(info.name)}`}>
        {choicesOf(info)?.map(([value, name]) => (
          <CheckField
            key={value}
            label={name}
            checked={chosen.has(value)}
            onChecked={(checked) => {
              const kept = (choicesOf(info) ?? [])
                .map(([each]) => each)
                .filter((each) => (each === value ? checked : chosen.has(each)));
              onAxis({ ...axis, values: kept.join(", ") });
            }}
          />
        ))}
      </div>
      {error && <p className="wrong small loss">{error}</p>}
    </>
  );
}
