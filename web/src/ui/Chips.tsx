/** Any of a few, all in sight: a group of check boxes. */
interface ChipsProps<T extends string> {
  label: string;
  chosen: ReadonlySet<T>;
  options: readonly (readonly [value: T, text: string])[];
  onChosen: (chosen: ReadonlySet<T>) => void;
}

export function Chips<T extends string>({ label, chosen, options, onChosen }: ChipsProps<T>) {
  const toggled = (value: T): ReadonlySet<T> => {
    const next = new Set(chosen);
    if (!next.delete(value)) next.add(value);
    return next;
  };
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map(([value, text]) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.has(value)} onChange={() => onChosen(toggled(value))} />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}
