/** One way to ask the server: token, problem details, and nothing else. */
import type { FieldError, Problem } from "./types";
import { authorization, tokenRefused } from "./token";

/** The server's own words about why a request failed; `status` 0: it did not answer. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
  }
}

export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await ask(path, init);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const post = <T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
  request<T>(path, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    ...(signal ? { signal } : {}),
  });

/** A query string of the values that are given. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  const text = search.toString();
  return text ? `?${text}` : "";
}

/** Reads a problem body as far as it is one; anything may stand between the page and the server. */
export function problemOf(status: number, statusText: string, body: unknown): ApiError {
  const given = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  const detail = given.detail ?? `The server answered ${String(status)} ${statusText}`.trimEnd() + ".";
  return new ApiError(status, given.code ?? "unknown", detail, given.errors ?? []);
}

/** The answer itself; ApiError when it is none that succeeded. */
export async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { ...authorization(), ...init.headers } });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "unreachable", "The server does not answer. The page keeps trying.");
  }
  if (response.ok) return response;
  if (response.status === 401) tokenRefused();
  const body: unknown = await response.json().catch(() => null);
  throw problemOf(response.status, response.statusText, body);
}
