/** A column's head that sorts: falling first, then rising. */
import type { ReactNode } from "react";
import { Icon } from "./icons";

interface SorterProps {
  column: string;
  /** The order in force: a column, with a leading `-` when it falls. */
  sort: string;
  onSort: (sort: string) => void;
  right?: boolean;
  title?: string | undefined;
  children: ReactNode;
}

export function Sorter({ column, sort, onSort, right, title, children }: SorterProps) {
  const falling = sort === `-${column}`;
  const rising = sort === column;
  return (
    <th
      scope="col"
      className={right ? "right" : undefined}
      title={title}
      {...(falling ? { "aria-sort": "descending" } : rising ? { "aria-sort": "ascending" } : {})}
    >
      <button type="button" className="sorter" onClick={() => onSort(falling ? column : `-${column}`)}>
        {children}
        <span className="arrow">
          <Icon name={rising ? "up" : "down"} />
        </span>
      </button>
    </th>
  );
}
