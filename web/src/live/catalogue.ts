/** Strategies and data sets, asked for once and again when the server says that they changed. */
import { useQuery } from "@tanstack/react-query";
import { fetchDatasets } from "@/api/datasets";
import { fetchStrategies } from "@/api/strategies";
import type { DatasetInfo } from "@/api/types";

export const useStrategies = () => useQuery({ queryKey: ["strategies"], queryFn: fetchStrategies });
export const useDatasets = () => useQuery({ queryKey: ["datasets"], queryFn: fetchDatasets });

type Series = Pick<DatasetInfo, "assetName" | "exchange" | "timeFrame">;

export const isSameSeries = (a: Series, b: Series): boolean =>
  a.assetName === b.assetName && a.exchange === b.exchange && a.timeFrame === b.timeFrame;

/** The newest version of a series, as far as it is known. */
export function useDatasetOf(series: Series): DatasetInfo | undefined {
  const { data } = useDatasets();
  return data?.filter((each) => isSameSeries(each, series)).sort((a, b) => b.version - a.version)[0];
}

/** Every series of bars once, in its newest version, by name. */
export function newestOf(datasets: readonly DatasetInfo[]): DatasetInfo[] {
  const newest = new Map<string, DatasetInfo>();
  for (const each of datasets) {
    if (each.kind !== "bars") continue;
    const name = seriesName(each);
    if (each.version >= (newest.get(name)?.version ?? 0)) newest.set(name, each);
  }
  return [...newest.values()].sort((a, b) => seriesName(a).localeCompare(seriesName(b)));
}

export const seriesName = ({ assetName, exchange, timeFrame }: Series): string =>
  `${assetName} · ${exchange} · ${timeFrame}`;
