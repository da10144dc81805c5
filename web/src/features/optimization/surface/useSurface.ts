/** The grid of the heat map: asked for again as trials land, but no more than once a second. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchSurface } from "@/api/surface";
import { isTerminal } from "@/api/types";
import type { Fold, StatusBody, Surface } from "@/api/types";
import { usePaced } from "@/live/usePaced";

const EVERY_MS = 1000;
const BINS = 120;
const KEPT_MS = 10_000;

export interface SurfaceChoice {
  x: string;
  y: string;
  metric: string;
  fold: Fold;
}

export function useSurface(run: StatusBody, choice: SurfaceChoice) {
  const over = isTerminal(run.status);
  const landed = usePaced(run.processed + run.failed, EVERY_MS);
  return useQuery<Surface>({
    queryKey: ["surface", "optimization", run.runKey, run.attempt, over ? run.rev : landed, choice],
    queryFn: ({ signal }) => fetchSurface(run.runKey, { ...choice, bins: BINS }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: KEPT_MS, // one is kept for each second of a sweep
  });
}
