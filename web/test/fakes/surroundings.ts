/** A browser with a clock that is wound by hand, sockets that do as told, and a server that answers or does not. */
import type { Socket, SocketEvents, Surroundings } from "@/live/connection";

export class FakeSocket implements Socket {
  readonly sent: Record<string, unknown>[] = [];
  closed = false;
  constructor(private readonly events: SocketEvents) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  /** What the server says. */
  says(...messages: object[]): void {
    this.events.onText(JSON.stringify(messages.length === 1 ? messages[0] : messages));
  }
  drops(): void {
    this.events.onClose();
  }
  welcomes(storeId = "store"): void {
    this.says({ type: "welcome", storeId, server: "test" });
  }
}

interface Timer {
  at: number;
  act: () => void;
}

export class FakeSurroundings implements Surroundings {
  readonly sockets: FakeSocket[] = [];
  alive = true;
  visible = true;
  private now = 0;
  private timers: Timer[] = [];

  open(events: SocketEvents): Socket {
    const socket = new FakeSocket(events);
    this.sockets.push(socket);
    return socket;
  }
  after(ms: number, act: () => void): () => void {
    const timer = { at: this.now + ms, act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }
  random(): number {
    return 0.5;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isServerAlive(): Promise<boolean> {
    return Promise.resolve(this.alive);
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error("No socket was opened.");
    return last;
  }

  /** Winds the clock, lets every timer that is due act in order, and what they await settle. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      await settled();
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.now = next.at;
      next.act();
    }
    this.now = end;
    await settled();
  }
}

/** After all promises that are ready now have run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
