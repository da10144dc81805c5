/** The submission of a run, as it is stored. */
import { useQuery } from "@tanstack/react-query";
import { fetchRun } from "@/api/runs";
import type { RequestBody, StatusBody } from "@/api/types";

/** Asked for when `wanted`; the same for all attempts but for what does not decide the result. */
export function useRequest({ kind, runKey }: StatusBody, wanted: boolean): RequestBody | undefined {
  const { data } = useQuery({
    queryKey: ["stored", kind, runKey],
    queryFn: () => fetchRun(kind, runKey),
    enabled: wanted,
    staleTime: Infinity,
  });
  return data?.request;
}
