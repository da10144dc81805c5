/** A trial out of the columns of a sample. */
import type { Params, Sample } from "@/api/types";

/** The parameters of the trial at a place of the columns. */
export const parametersAt = ({ parameters }: Sample, place: number): Params =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, column]) => {
      const value = column[place];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
