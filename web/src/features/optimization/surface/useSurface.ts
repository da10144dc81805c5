/** The grid of the heat map: asked for again as trials land, but no more than once a second. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchSurface } from "@/api/surface";
import { isTerminal } from "@/api/types";
import type { Fold, Params, StatusBody, Surface } from "@/api/types";
import { usePaced } from "@/live/usePaced";

const EVERY_MS = 1000;
const BINS = 120;
const KEPT_MS = 10_000;

/** How the trials of one cell become one value; `slice`: only those that are else as the best trial is. */
export type CellFold = Fold | "slice";

export interface SurfaceChoice {
  x: string;
  y: string;
  metric: string;
  fold: CellFold;
}

/** `others`: what the best trial has beside the two parameters. */
export function useSurface(run: StatusBody, choice: SurfaceChoice, others: Params) {
  const { fold, ...asked } = choice;
  const wanted =
    fold === "slice"
      ? { ...asked, fold: "best" as const, fixed: JSON.stringify(others) }
      : { ...asked, fold, fixed: null };
  const over = isTerminal(run.status);
  const landed = usePaced(run.processed + run.failed, EVERY_MS);
  return useQuery<Surface>({
    queryKey: ["surface", "optimization", run.runKey, run.attempt, over ? run.rev : landed, wanted],
    queryFn: ({ signal }) => fetchSurface(run.runKey, { ...wanted, bins: BINS }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: KEPT_MS, // one is kept for each second of a sweep
  });
}
