/** For how long the workers of a run have not moved. */
import type { StatusBody, SystemInfo } from "@/api/types";
import { useSystem } from "./system";

/** Seconds; 0 while nobody knows. */
export function useSilence({ runKey }: StatusBody): number {
  const { data } = useSystem();
  return data ? longestSilence(data, runKey) : 0;
}

/** Of the run's most silent task. */
export const longestSilence = ({ workers }: SystemInfo, runKey: string): number =>
  workers.tasks.reduce((most, task) => (task.runKey === runKey ? Math.max(most, task.silentSeconds) : most), 0);
