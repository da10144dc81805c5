/** The server's token, when it wants one: kept for this tab alone. */

const KEY = "forge.token";
const listeners = new Set<() => void>();
let wanted = false;

export const token = (): string | null => sessionStorage.getItem(KEY);

export const authorization = (): Record<string, string> => {
  const value = token();
  return value ? { Authorization: `Bearer ${value}` } : {};
};

/** The subprotocol that carries the token, since a browser cannot set headers on a socket. */
export function socketProtocols(): string[] {
  const value = token();
  if (!value) return ["forge.v1.json"];
  const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(value)));
  return ["forge.v1.json", `forge.auth.${encoded.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`];
}

/** The server answered 401: ask the reader. */
export function tokenRefused(): void {
  if (!wanted) change(true);
}

export function setToken(value: string): void {
  sessionStorage.setItem(KEY, value);
  change(false);
}

export const isTokenWanted = (): boolean => wanted;

export function onTokenChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function change(now: boolean): void {
  wanted = now;
  for (const listener of listeners) listener();
}
