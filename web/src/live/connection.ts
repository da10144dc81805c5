/**
 * Keeps one socket to the server and tells truthfully how the page is served:
 *
 *   connecting ── welcome ──► live ── socket lost, or silent after a ping ──► polling | offline (by /health/live) ──► live
 *
 * Everything from outside (socket, clock, chance, visibility, probe) is handed in.
 */

export type ConnectionStatus = "connecting" | "live" | "polling" | "offline";

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  onText(text: string): void;
  onClose(): void;
}

export interface Surroundings {
  open(events: SocketEvents): Socket;
  /** Runs once after `ms`; the answer cancels it. */
  after(ms: number, act: () => void): () => void;
  random(): number;
  isVisible(): boolean;
  isServerAlive(): Promise<boolean>;
}

export const PING_EVERY_MS = 2000;
/** Silence after a ping from which on the badge no longer claims to be live: with the ping's period under 3 s. */
export const SUSPECT_AFTER_MS = 900;
/** Silence after a ping from which on the socket is given up. */
export const LOST_AFTER_MS = 4000;
/** The same when the page comes back: after sleep a socket is often dead without knowing it. */
export const LOST_AFTER_WAKE_MS = 500;
export const HANDSHAKE_WITHIN_MS = 5000;
export const PROBE_EVERY_MS = 2000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 8000;

type Timer = "handshake" | "ping" | "suspect" | "lost" | "retry" | "probe";

/** Full jitter: anywhere between the least wait and a ceiling that doubles with every failure. */
export function retryDelay(failures: number, random: number): number {
  const ceiling = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(failures, 10));
  return RETRY_MIN_MS + random * (ceiling - RETRY_MIN_MS);
}

export class Connection {
  private status: ConnectionStatus = "connecting";
  private socket: Socket | null = null;
  private welcomed = false;
  private failures = 0;
  private pings = 0;
  private probes = 0;
  private running = false;
  private readonly timers = new Map<Timer, () => void>();

  constructor(
    private readonly around: Surroundings,
    private readonly onStatus: (status: ConnectionStatus) => void,
    private readonly onText: (text: string) => void,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.connect();
  }

  stop(): void {
    this.running = false;
    for (const timer of [...this.timers.keys()]) this.clear(timer);
    this.dropSocket();
  }

  /** Sends when there is a welcomed socket; what is not sent is asked for again after the next welcome. */
  send(message: object): void {
    if (this.socket && this.welcomed) this.socket.send(JSON.stringify(message));
  }

  /** The page became visible or the network changed: find out now, not at the next tick. */
  wake(): void {
    if (!this.running) return;
    const socket = this.socket;
    this.failures = 0;
    if (!socket) this.connect();
    else {
      if (this.welcomed) this.ping();
      this.set(this.welcomed ? "lost" : "handshake", LOST_AFTER_WAKE_MS, () => this.replace(socket));
    }
    if (this.status !== "live") this.probe();
  }

  /** The token changed: what the old one opened is of no use. */
  reconnect(): void {
    if (!this.running) return;
    this.dropSocket();
    this.failures = 0;
    this.connect();
  }

  private connect(): void {
    this.clear("retry");
    const socket = this.around.open({
      onText: (text) => this.received(socket, text),
      onClose: () => this.lost(socket),
    });
    this.socket = socket;
    this.welcomed = false;
    this.set("handshake", HANDSHAKE_WITHIN_MS, () => this.lost(socket));
  }

  private received(socket: Socket, text: string): void {
    if (socket !== this.socket) return;
    this.clear("suspect");
    this.clear("lost");
    if (!this.welcomed) {
      this.welcomed = true;
      this.failures = 0;
      this.clear("handshake");
      this.set("ping", PING_EVERY_MS, () => this.beat());
    }
    this.becomeLive();
    this.onText(text);
  }

  private lost(socket: Socket): void {
    if (socket !== this.socket || !this.running) return;
    this.dropSocket();
    this.set("retry", retryDelay(++this.failures, this.around.random()), () => this.connect());
    this.doubt();
  }

  /** Another one at once: there is no reason to think that the server is busy. */
  private replace(socket: Socket): void {
    if (socket !== this.socket || !this.running) return;
    this.dropSocket();
    this.connect();
    this.doubt();
  }

  private dropSocket(): void {
    const socket = this.socket;
    this.socket = null;
    this.welcomed = false;
    for (const timer of ["handshake", "ping", "suspect", "lost"] as const) this.clear(timer);
    socket?.close();
  }

  private beat(): void {
    this.set("ping", PING_EVERY_MS, () => this.beat());
    if (this.around.isVisible()) this.ping();
  }

  private ping(): void {
    const socket = this.socket;
    if (!socket) return;
    this.send({ type: "ping", id: ++this.pings });
    if (!this.timers.has("suspect")) this.set("suspect", SUSPECT_AFTER_MS, () => this.doubt());
    if (!this.timers.has("lost")) this.set("lost", LOST_AFTER_MS, () => this.lost(socket));
  }

  /** No longer known to be live: the probe says which of polling and offline it is. */
  private doubt(): void {
    if (this.status === "live") this.become("connecting");
    this.probe();
  }

  private probe(): void {
    this.clear("probe");
    const probe = ++this.probes;
    void this.around.isServerAlive().then((alive) => this.probed(probe, alive));
  }

  private probed(probe: number, alive: boolean): void {
    if (!this.running || this.status === "live" || probe !== this.probes) return;
    const returned = alive && this.status === "offline";
    this.become(alive ? "polling" : "offline");
    this.set("probe", PROBE_EVERY_MS, () => this.probeWhenVisible());
    if (returned && !this.socket) this.connect();
  }

  private probeWhenVisible(): void {
    if (this.around.isVisible()) this.probe();
    else this.set("probe", PROBE_EVERY_MS, () => this.probeWhenVisible());
  }

  private becomeLive(): void {
    this.clear("probe");
    this.become("live");
  }

  private become(status: ConnectionStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.onStatus(status);
  }

  private set(timer: Timer, ms: number, act: () => void): void {
    this.clear(timer);
    this.timers.set(
      timer,
      this.around.after(ms, () => {
        this.timers.delete(timer);
        act();
      }),
    );
  }

  private clear(timer: Timer): void {
    this.timers.get(timer)?.();
    this.timers.delete(timer);
  }
}
