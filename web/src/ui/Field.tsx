/** A labelled control with its hint and its error, tied together for those who hear the page. */
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from "react";

interface Around {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

function Frame({ id, label, hint, error, children }: Around & { children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {error ? (
        <p className="wrong" id={`${id}-error`}>
          {error}
        </p>
      ) : (
        hint && (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

const described = ({ id, hint, error }: Around) =>
  error
    ? ({ "aria-invalid": true, "aria-describedby": `${id}-error` } as const)
    : hint
      ? { "aria-describedby": `${id}-hint` }
      : {};

type TextProps = Around & { value: string; onValue: (value: string) => void; unit?: string | undefined };

export function TextField({
  id,
  label,
  hint,
  error,
  onValue,
  unit,
  ...rest
}: TextProps & Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "id" | "value">) {
  const around = { id, label, hint, error };
  const input = (
    <input
      id={id}
      className="input"
      autoComplete="off"
      spellCheck={false}
      {...rest}
      onChange={(event) => onValue(event.target.value)}
      {...described(around)}
    />
  );
  return (
    <Frame {...around}>
      {unit ? (
        <span className="with-unit">
          {input}
          <span className="unit">{unit}</span>
        </span>
      ) : (
        input
      )}
    </Frame>
  );
}

export function SelectField({
  id,
  label,
  hint,
  error,
  onValue,
  children,
  ...rest
}: TextProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "id" | "value">) {
  const around = { id, label, hint, error };
  return (
    <Frame {...around}>
      <select
        id={id}
        className="input"
        {...rest}
        onChange={(event) => onValue(event.target.value)}
        {...described(around)}
      >
        {children}
      </select>
    </Frame>
  );
}

export function CheckField({
  label,
  checked,
  onChecked,
}: {
  label: string;
  checked: boolean;
  onChecked: (checked: boolean) => void;
}) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.target.checked)} />
      {label}
    </label>
  );
}
