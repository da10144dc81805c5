/** One of several, with its name beside it: for the head of a panel. */
import type { ReactNode } from "react";

interface ChoiceProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  children: ReactNode;
}

export function Choice({ label, value, onValue, children }: ChoiceProps) {
  return (
    <label className="choice-inline small">
      <span className="faint">{label}</span>
      <select className="input" value={value} onChange={(event) => onValue(event.target.value)}>
        {children}
      </select>
    </label>
  );
}
