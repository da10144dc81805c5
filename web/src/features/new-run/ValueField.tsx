/** One value of a parameter, in the control that fits its type. */
import type { ReactNode } from "react";
import type { ParameterInfo } from "@/api/types";
import { spoken } from "@/format/words";
import { SelectField, TextField } from "@/ui/Field";

interface ValueFieldProps {
  id: string;
  label: string;
  info: ParameterInfo;
  value: string;
  onValue: (value: string) => void;
  unit?: string | undefined;
  hint?: ReactNode;
  error?: string | undefined;
}

export function ValueField({ info, unit, ...field }: ValueFieldProps) {
  const choices = choicesOf(info);
  if (choices)
    return (
      <SelectField {...field}>
        {choices.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </SelectField>
    );
  return <TextField {...field} unit={unit} {...steppedBy(info)} />;
}

/** All values of a parameter that has few; null for numbers. */
export function choicesOf({ type, choices }: ParameterInfo): (readonly [value: string, name: string])[] | null {
  if (type === "bool")
    return [
      ["true", "Yes"],
      ["false", "No"],
    ];
  return type === "choice" ? (choices ?? []).map((choice) => [choice, spoken(choice)] as const) : null;
}

/** The arrows keep to step and bounds; what is typed may lie between, and the server judges it. */
export function steppedBy({ type, min, max, step }: ParameterInfo) {
  return {
    type: "number",
    inputMode: type === "int" ? ("numeric" as const) : ("decimal" as const),
    step: step ?? (type === "int" ? 1 : "any"),
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
  };
}
