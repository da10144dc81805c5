/** Back and forth through pages that only know their successor. */
import { Button } from "./Button";
import { whole } from "@/format/numbers";

export interface Cursors {
  /** The cursors of the pages that led here; the last one is the page shown, null the first. */
  readonly trail: readonly (string | null)[];
}

export const firstPage: Cursors = { trail: [null] };
export const cursorOf = ({ trail }: Cursors): string | null => trail.at(-1) ?? null;

interface PagerProps {
  cursors: Cursors;
  onCursors: (cursors: Cursors) => void;
  next: string | null;
  size: number;
  shown: number;
  /** Null when nobody has counted them. */
  total: number | null;
  noun: string;
}

export function Pager({ cursors, onCursors, next, size, shown, total, noun }: PagerProps) {
  const first = (cursors.trail.length - 1) * size;
  return (
    <nav className="pager" aria-label={`Pages of ${noun}`}>
      <span className="num">
        {shown === 0 ? "0" : `${whole(first + 1)} – ${whole(first + shown)}`} {total !== null && `of ${whole(total)} `}
        {noun}
      </span>
      <span className="row push">
        <Button
          small
          disabled={cursors.trail.length < 2}
          onClick={() => onCursors({ trail: cursors.trail.slice(0, -1) })}
        >
          Previous
        </Button>
        <Button small disabled={next === null} onClick={() => onCursors({ trail: [...cursors.trail, next] })}>
          Next
        </Button>
      </span>
    </nav>
  );
}
