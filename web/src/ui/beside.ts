/** Where a small box stands that belongs to a part of the page: below it, or above where the window ends. */

/** In pixels of the window; one of `top` and `bottom`. */
export interface Place {
  left: number;
  top?: number;
  bottom?: number;
}

interface Box {
  left: number;
  top: number;
  bottom: number;
}

const WIDTH = 288;
const ROOM = 96;
const GAP = 6;
const EDGE = 8;

export function besideOf({ left, top, bottom }: Box, width: number, height: number): Place {
  const inside = Math.max(EDGE, Math.min(left, width - WIDTH - EDGE));
  return bottom + ROOM <= height ? { left: inside, top: bottom + GAP } : { left: inside, bottom: height - top + GAP };
}
