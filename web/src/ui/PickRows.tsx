/** Rows of a table of which one can be chosen, by a click or by the keyboard: its first cell is a button. */
import { useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";

interface PickRowsProps<T> {
  items: readonly T[];
  keyOf: (item: T, index: number) => string | number;
  isChosen: (item: T) => boolean;
  /** What stands in the first cell. */
  nameOf: (item: T) => string;
  onChoose: (item: T) => void;
  /** The cells after the first one. */
  children: (item: T) => ReactNode;
}

export function PickRows<T>({ items, keyOf, isChosen, nameOf, onChoose, children }: PickRowsProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  /** From one row to the next by the arrow keys. */
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const doors = [...(body.current?.querySelectorAll<HTMLElement>("button.to-chart") ?? [])];
    const place = doors.indexOf(document.activeElement as HTMLElement);
    const next = doors[place + step];
    if (step === 0 || place < 0 || !next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <tbody ref={body} onKeyDown={onKey}>
      {items.map((item, index) => {
        const chosen = isChosen(item);
        const name = nameOf(item);
        return (
          <tr key={keyOf(item, index)} className={chosen ? "chosen pick" : "pick"} onClick={() => onChoose(item)}>
            <td>
              {/* the click is the row's */}
              <button
                type="button"
                className="to-chart"
                aria-pressed={chosen}
                aria-label={`Show on the chart: ${name}`}
              >
                {name}
              </button>
            </td>
            {children(item)}
          </tr>
        );
      })}
    </tbody>
  );
}
