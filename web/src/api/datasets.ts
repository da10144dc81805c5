/** The catalogue of data sets: list, upload with progress, delete. */
import { ApiError, problemOf, query, request } from "./http";
import { authorization, tokenRefused } from "./token";
import type { DatasetInfo, DatasetKind } from "./types";

export const fetchDatasets = async (): Promise<DatasetInfo[]> => {
  const body = await request<DatasetInfo[] | { items: DatasetInfo[] }>("/api/datasets");
  return Array.isArray(body) ? body : body.items;
};

export const deleteDataset = (id: string): Promise<void> =>
  request(`/api/datasets/${encodeURIComponent(id)}`, { method: "DELETE" });

export interface UploadNames {
  kind: DatasetKind;
  assetName: string;
  exchange: string;
  timeFrame: string;
  tickSize: string;
  lotSize: string;
  quote: string;
}

const MEDIA: Record<string, string> = {
  parquet: "application/vnd.apache.parquet",
  feather: "application/vnd.apache.arrow.file",
  arrow: "application/vnd.apache.arrow.file",
};

/** What a file is, by the ending of its name; CSV when that says nothing. */
export const mediaTypeOf = (name: string): string => MEDIA[name.split(".").pop()?.toLowerCase() ?? ""] ?? "text/csv";

/** Sends the file as it is; `fetch` cannot tell how much has been sent, XMLHttpRequest can. */
export function uploadDataset(
  file: File,
  names: UploadNames,
  onProgress: (fraction: number) => void,
): Promise<DatasetInfo> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", `/api/datasets${query({ ...names })}`);
    call.setRequestHeader("Content-Type", mediaTypeOf(file.name));
    for (const [name, value] of Object.entries(authorization())) call.setRequestHeader(name, value);
    call.upload.onprogress = (event) => onProgress(event.total > 0 ? event.loaded / event.total : 0);
    call.onerror = () => reject(new ApiError(0, "unreachable", "The server did not take the file."));
    call.onload = () => {
      const body = parsed(call.responseText);
      if (call.status < 300) resolve(body as DatasetInfo);
      else {
        if (call.status === 401) tokenRefused();
        reject(problemOf(call.status, call.statusText, body));
      }
    };
    call.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
