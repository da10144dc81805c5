/** Joins the connection with the state: subscribes, reduces at most once a paint, tells those who look. */
import type { StatusBody } from "@/api/types";
import { isTerminal } from "@/api/types";
import { Connection } from "./connection";
import type { ConnectionStatus, Surroundings } from "./connection";
import { decodeFrame } from "./messages";
import type { PolledStatus, ServerMessage } from "./messages";
import { emptyState, reduceAll } from "./runs";
import type { LiveRun, LiveState } from "./runs";

const TOPICS = ["runs", "strategies", "datasets"] as const;

export interface FeedEvents {
  /** The socket (re)opened: whatever was fetched before may be old. */
  onLive(): void;
  /** Runs that are new, vanished or in another state: lists of runs are old. */
  onRunsChanged(): void;
  /** A catalogue changed. */
  onTopic(topic: string, data: unknown): void;
}

export class Feed {
  readonly connection: Connection;
  private status: ConnectionStatus = "connecting";
  private state: LiveState = emptyState;
  private pending: (ServerMessage | PolledStatus)[] = [];
  private painting = false;
  private ids = 0;
  private readonly followed = new Map<string, number>();
  private readonly topics = new Map<string, number>(TOPICS.map((topic) => [topic, 1]));
  private readonly statusListeners = new Set<() => void>();
  private readonly runsListeners = new Set<() => void>();
  private readonly runListeners = new Map<string, Set<() => void>>();

  constructor(
    around: Surroundings,
    private readonly nextPaint: (act: () => void) => void,
    private readonly events: FeedEvents,
  ) {
    this.connection = new Connection(
      around,
      (status) => this.changeStatus(status),
      (text) => this.receive(decodeFrame(text)),
    );
  }

  readonly getStatus = (): ConnectionStatus => this.status;
  readonly onStatus = (listener: () => void): (() => void) => {
    this.statusListeners.add(listener);
    return () => void this.statusListeners.delete(listener);
  };

  readonly getRun = (runKey: string): LiveRun | undefined => this.state.runs.get(runKey);
  readonly isRemoved = (runKey: string): boolean => this.state.removed.has(runKey) && !this.state.runs.has(runKey);
  readonly onRun = (runKey: string, listener: () => void): (() => void) => {
    const listeners = this.runListeners.get(runKey) ?? new Set();
    this.runListeners.set(runKey, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.runListeners.delete(runKey);
    };
  };

  /** All runs that are known; another map whenever one of them changed. */
  readonly getRuns = (): ReadonlyMap<string, LiveRun> => this.state.runs;
  readonly onRuns = (listener: () => void): (() => void) => {
    this.runsListeners.add(listener);
    return () => void this.runsListeners.delete(listener);
  };

  /** Follows one run at its full rate until the answer is called. */
  follow(runKey: string): () => void {
    const count = this.followed.get(runKey) ?? 0;
    this.followed.set(runKey, count + 1);
    if (count === 0) this.subscribe(runKey);
    return () => {
      const left = (this.followed.get(runKey) ?? 1) - 1;
      if (left > 0) return void this.followed.set(runKey, left);
      this.followed.delete(runKey);
      this.connection.send({ type: "unsubscribe", id: ++this.ids, runKey });
    };
  }

  /** Hears of one more topic until the answer is called. */
  followTopic(topic: string): () => void {
    const count = this.topics.get(topic) ?? 0;
    this.topics.set(topic, count + 1);
    if (count === 0) this.connection.send({ type: "subscribe", id: ++this.ids, topic });
    return () => {
      const left = (this.topics.get(topic) ?? 1) - 1;
      if (left > 0) return void this.topics.set(topic, left);
      this.topics.delete(topic);
      this.connection.send({ type: "unsubscribe", id: ++this.ids, topic });
    };
  }

  /** What a poll brought. */
  offer(body: StatusBody): void {
    this.take([{ type: "polled", body }]);
  }

  private receive(messages: ServerMessage[]): void {
    for (const message of messages) {
      if (message.type === "welcome") this.welcomed();
      if (message.type === "changed") this.events.onTopic(message.topic, message.data);
    }
    this.take(messages);
  }

  private welcomed(): void {
    for (const topic of this.topics.keys()) this.connection.send({ type: "subscribe", id: ++this.ids, topic });
    for (const runKey of this.followed.keys()) this.subscribe(runKey);
    this.events.onLive();
  }

  private subscribe(runKey: string): void {
    this.connection.send({ type: "subscribe", id: ++this.ids, runKey });
  }

  private changeStatus(status: ConnectionStatus): void {
    this.status = status;
    for (const listener of this.statusListeners) listener();
  }

  private take(messages: (ServerMessage | PolledStatus)[]): void {
    this.pending.push(...messages);
    if (this.painting || this.pending.length === 0) return;
    this.painting = true;
    this.nextPaint(() => this.paint());
  }

  private paint(): void {
    const messages = this.pending;
    this.pending = [];
    this.painting = false;
    const before = this.state;
    const { state, changed } = reduceAll(before, messages);
    if (changed.size === 0) {
      this.state = state;
      return;
    }
    this.state = state;
    let membership = false;
    for (const runKey of changed) {
      const [old, now] = [before.runs.get(runKey), state.runs.get(runKey)];
      const wasOver = old !== undefined && isTerminal(old.state.status);
      const isOver = now !== undefined && isTerminal(now.state.status);
      // a run that starts moves those that wait behind it
      if (!old || !now || old.state.status !== now.state.status) membership = true;
      // a final state ends the direct subscription: a later attempt needs a new one
      if (wasOver && now && !isOver && this.followed.has(runKey)) this.subscribe(runKey);
      for (const listener of this.runListeners.get(runKey) ?? []) listener();
    }
    for (const listener of this.runsListeners) listener();
    if (membership) this.events.onRunsChanged();
  }
}
