/** Which part of a run a price chart shows, and which bars must be loaded for it. */

/** Of market time, both ends within. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Rows that are loaded: those of `span`, one each `stepMs`. */
export interface Loaded {
  readonly span: Span;
  readonly stepMs: number;
}

/** Asked of the server for a view and as much on either side; it allows 20,000. */
export const WINDOW_ROWS = 3000;
/** Fewer in view than these, and finer ones are loaded where there are some. */
const FEWEST_ROWS = 300;
const NARROWEST_BARS = 10;
const ROOM_SHARE = 0.02;

export const sizeOf = ({ fromMs, toMs }: Span): number => toMs - fromMs;

/** The part of a span that lies in another. */
export const clip = ({ fromMs, toMs }: Span, within: Span): Span => ({
  fromMs: Math.min(Math.max(fromMs, within.fromMs), within.toMs),
  toMs: Math.max(Math.min(toMs, within.toMs), within.fromMs),
});

/** The place of an instant among rows at `times`, with the part of the way to the next one; beyond the ends by steps. */
export function placeOf(times: readonly number[], stepMs: number, ms: number): number {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  if (ms <= first) return (ms - first) / stepMs;
  if (ms >= last) return times.length - 1 + (ms - last) / stepMs;
  const row = rowAt(times, ms);
  const [from, to] = [times[row] ?? first, times[row + 1] ?? last];
  return row + (ms - from) / (to - from);
}

/** The instant at such a place. */
export function timeAt(times: readonly number[], stepMs: number, place: number): number {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  if (place <= 0) return first + place * stepMs;
  if (place >= times.length - 1) return last + (place - times.length + 1) * stepMs;
  const row = Math.floor(place);
  const [from, to] = [times[row] ?? first, times[row + 1] ?? last];
  return from + (place - row) * (to - from);
}

/** The row that an instant lies in: the last that begins no later; the first one before all. */
export function rowAt(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= ms) low = middle;
    else high = middle;
  }
  return low;
}

/** The span to load for a view with `rowsInView` rows; null when what is loaded does. */
export function toLoad(view: Span, rowsInView: number, loaded: Loaded, whole: Span, barMs: number): Span | null {
  const seen = clip(view, whole);
  const inside = loaded.span.fromMs <= seen.fromMs && seen.toMs <= loaded.span.toMs;
  const coarse = loaded.stepMs > barMs && rowsInView < FEWEST_ROWS;
  if (inside && !coarse) return null;
  const size = Math.max(sizeOf(seen), NARROWEST_BARS * barMs);
  return clip({ fromMs: seen.fromMs - size, toMs: seen.toMs + size }, whole);
}

/** Half as wide with a factor of 0.5, about the middle; no wider than the whole, no narrower than some bars. */
export function zoomed(view: Span, factor: number, whole: Span, barMs: number): Span {
  const size = Math.min(sizeOf(whole), Math.max(sizeOf(view) * factor, NARROWEST_BARS * barMs));
  return within({ fromMs: (view.fromMs + view.toMs - size) / 2, toMs: (view.fromMs + view.toMs + size) / 2 }, whole);
}

/** Later by a share of what it shows, earlier when that is negative. */
export const moved = (view: Span, share: number, whole: Span): Span =>
  within({ fromMs: view.fromMs + share * sizeOf(view), toMs: view.toMs + share * sizeOf(view) }, whole);

/** About a stretch of interest, with some bars before and after it. */
export function about({ fromMs, toMs }: Span, whole: Span, barMs: number): Span {
  const room = Math.max(toMs - fromMs, 30 * barMs);
  return within({ fromMs: fromMs - room, toMs: toMs + room }, whole);
}

/** With some room at either end, in which labels stand whole. */
export function withRoom({ fromMs, toMs }: Span): Span {
  const room = ROOM_SHARE * (toMs - fromMs);
  return { fromMs: fromMs - room, toMs: toMs + room };
}

/** The marks that lie in a view. */
export const inView = <T extends { ts: number }>(marks: readonly T[], { fromMs, toMs }: Span): readonly T[] =>
  marks.filter(({ ts }) => fromMs <= ts && ts <= toMs);

/** As wide, but inside the whole. */
function within(view: Span, whole: Span): Span {
  const size = Math.min(sizeOf(view), sizeOf(whole));
  const fromMs = Math.round(Math.min(Math.max(view.fromMs, whole.fromMs), whole.toMs - size));
  return { fromMs, toMs: Math.round(fromMs + size) };
}
