/** The strategies that are loaded, and the user files that are not. */
import { request } from "./http";
import type { StrategyInfo } from "./types";

/** The list as it comes: a bare array or a page of one. */
export const fetchStrategies = async (): Promise<StrategyInfo[]> => {
  const body = await request<StrategyInfo[] | { items: StrategyInfo[] }>("/api/strategies");
  return Array.isArray(body) ? body : body.items;
};
