/** The browser as the connection sees it. */
import { isServerAlive } from "@/api/health";
import { socketProtocols } from "@/api/token";
import type { Socket, SocketEvents, Surroundings } from "./connection";

function open(events: SocketEvents): Socket {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, socketProtocols());
  socket.onmessage = (event) => {
    if (typeof event.data === "string") events.onText(event.data);
  };
  socket.onclose = () => events.onClose();
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    },
  };
}

export const browser: Surroundings = {
  open,
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  isVisible: () => document.visibilityState === "visible",
  isServerAlive,
};

const HIDDEN_PAINT_MS = 250;

/** Before the next paint; a hidden tab has none, so a timer stands in. */
export function nextPaint(act: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(act);
  else setTimeout(act, HIDDEN_PAINT_MS);
}

/** Calls `wake` whenever the page or the network comes back, or says that it went. */
export function onWake(wake: () => void): () => void {
  const visible = (): void => {
    if (document.visibilityState === "visible") wake();
  };
  // the first showing of a page is no return
  const shown = (event: PageTransitionEvent): void => {
    if (event.persisted) wake();
  };
  document.addEventListener("visibilitychange", visible);
  document.addEventListener("resume", visible);
  addEventListener("pageshow", shown);
  for (const name of ["online", "offline"]) addEventListener(name, wake);
  return () => {
    document.removeEventListener("visibilitychange", visible);
    document.removeEventListener("resume", visible);
    removeEventListener("pageshow", shown);
    for (const name of ["online", "offline"]) removeEventListener(name, wake);
  };
}
