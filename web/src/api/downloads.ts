/** Downloads: bars that the server fetches from exchanges. */
import { post, request } from "./http";
import type { Download, DownloadRequest } from "./types";

const PATH = "/api/downloads";
const at = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

export const fetchDownloads = async (signal?: AbortSignal): Promise<Download[]> =>
  (await request<{ items: Download[] }>(PATH, signal ? { signal } : {})).items;

export const submitDownload = (body: DownloadRequest): Promise<Download> => post(PATH, body);
export const cancelDownload = (id: string): Promise<Download> => post(`${at(id)}/cancel`);
export const resumeDownload = (id: string): Promise<Download> => post(`${at(id)}/resume`);
export const deleteDownload = (id: string): Promise<void> => request(at(id), { method: "DELETE" });
