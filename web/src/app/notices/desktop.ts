/** Notifications on the desktop: only where the reader has asked for them by a button. */
import { useSyncExternalStore } from "react";

/** `unsupported`: the browser has none, or the page is not served securely. */
export type Desktop = "unsupported" | "blocked" | "off" | "on";

const KEY = "forge.desktop";
const listeners = new Set<() => void>();

function read(): Desktop {
  if (typeof Notification === "undefined" || !isSecureContext) return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  return Notification.permission === "granted" && localStorage.getItem(KEY) === "on" ? "on" : "off";
}

/** Asks the browser for leave when it has not been given. */
export async function toggleDesktop(): Promise<void> {
  if (read() === "on") localStorage.removeItem(KEY);
  else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(KEY, "on");
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const useDesktop = (): Desktop => useSyncExternalStore(subscribe, read);

/** `tag`: what is told by several tabs is shown once. */
export function showOnDesktop(title: string, body: string, tag: string, onOpen: () => void): void {
  if (read() !== "on") return;
  try {
    const shown = new Notification(title, { body, tag });
    shown.onclick = () => {
      window.focus();
      onOpen();
      shown.close();
    };
  } catch {
    // a phone's browser lets a service worker alone show them
  }
}
