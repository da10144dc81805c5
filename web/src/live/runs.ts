/** The runs as the page knows them: pure reducers over whatever the socket or a poll brings. */
import { isTerminal } from "@/api/types";
import type { Rev, RunInfo, RunState, StatusBody } from "@/api/types";
import type { PolledStatus, ServerMessage } from "./messages";

export interface LiveRun {
  readonly rev: Rev;
  readonly run: RunInfo;
  readonly state: RunState;
  readonly queuePosition: number | null;
}

export interface LiveState {
  /** The space in which revisions compare; another one forgets everything. */
  readonly storeId: string | null;
  readonly runs: ReadonlyMap<string, LiveRun>;
  /** Deleted runs with the revision of the deletion, so that an older update does not bring one back. */
  readonly removed: ReadonlyMap<string, Rev>;
}

const KEPT_RUNS = 2000;

export const emptyState: LiveState = { storeId: null, runs: new Map(), removed: new Map() };

/** Below 0: `a` is older; 0: the same; above 0: newer. */
export const compareRev = (a: Rev, b: Rev): number => a[0] - b[0] || a[1] - b[1];

/** One message; the state itself when it brings nothing new. */
export const reduce = (state: LiveState, message: ServerMessage | PolledStatus): LiveState =>
  reduceAll(state, [message]).state;

/** All messages of one paint at once: the maps are copied once, not per message. */
export function reduceAll(
  state: LiveState,
  messages: readonly (ServerMessage | PolledStatus)[],
): { state: LiveState; changed: ReadonlySet<string> } {
  const draft = new Draft(state);
  for (const message of messages) draft.apply(message);
  draft.prune();
  return { state: draft.state, changed: draft.changed };
}

/** Splits the flat status into what never changes and what does; both carry the whole, which does no harm. */
export const liveOf = (body: StatusBody): LiveRun => ({
  rev: body.rev,
  run: body,
  state: body,
  queuePosition: body.queuePosition,
});

/** The flat status with whatever newer the live state knows. */
export function overlay(body: StatusBody, live: LiveRun | undefined): StatusBody {
  if (!live || compareRev(live.rev, body.rev) <= 0) return body;
  const merged = { ...body, ...live.run, ...live.state, rev: [live.rev[0], live.rev[1]] as [number, number] };
  merged.queuePosition = live.state.status === "Pending" ? live.queuePosition : null;
  // a poll's body travels whole in the live state: what belongs to the REST answer stays the REST answer's
  merged.result = body.result ?? null;
  merged.resultAttempt = body.resultAttempt;
  return merged;
}

/** A flat status made of the live state alone, until the REST answer is here. */
export const bodyOf = (live: LiveRun): StatusBody => ({
  ...live.run,
  ...live.state,
  rev: [live.rev[0], live.rev[1]],
  queuePosition: live.queuePosition,
  resultAttempt: null,
});

class Draft {
  state: LiveState;
  readonly changed = new Set<string>();
  private runs: Map<string, LiveRun> | null = null;

  constructor(state: LiveState) {
    this.state = state;
  }

  apply(message: ServerMessage | PolledStatus): void {
    switch (message.type) {
      case "welcome":
        return this.enterStore(message.storeId);
      case "snapshot":
        if (message.run && message.state)
          this.offer(message.runKey, { rev: message.rev, run: message.run, state: message.state, queuePosition: null });
        return;
      case "update":
        return this.update(message.runKey, message.attempt, message.rev, message.state);
      case "topic":
        if (message.topic === "runs") {
          for (const entry of message.runs) this.offer(entry.runKey, entry);
          this.endMissing(new Set(message.runs.map((entry) => entry.runKey)));
        }
        return;
      case "polled":
        this.enterStore(message.body.storeId);
        return this.offer(message.body.runKey, liveOf(message.body));
      case "removed":
        return this.remove(message.runKey, message.rev);
      case "changed":
      case "unsubscribed":
      case "pong":
      case "error":
        return;
    }
  }

  /** A page that stays open all day must not grow: ended runs are found again by asking. */
  prune(): void {
    let surplus = this.state.runs.size - KEPT_RUNS;
    if (surplus <= 0) return;
    for (const [runKey, entry] of this.state.runs) {
      if (surplus <= 0) return;
      if (!isTerminal(entry.state.status) || this.changed.has(runKey)) continue;
      this.own().delete(runKey);
      surplus -= 1;
    }
  }

  private enterStore(storeId: string): void {
    if (this.state.storeId === storeId) return;
    if (this.state.storeId !== null) {
      for (const runKey of this.state.runs.keys()) this.changed.add(runKey);
      this.runs = new Map();
      this.state = { storeId, runs: this.runs, removed: new Map() };
    } else {
      this.state = { ...this.state, storeId };
    }
  }

  private offer(runKey: string, entry: LiveRun): void {
    const known = this.state.runs.get(runKey);
    if (known) {
      const order = compareRev(entry.rev, known.rev);
      // the queue position is no part of the revision: the same revision may bring a new one
      if (order < 0 || (order === 0 && (entry.queuePosition ?? known.queuePosition) === known.queuePosition)) return;
    }
    if (this.isRemovedSince(runKey, entry.rev)) return;
    this.put(runKey, {
      rev: entry.rev,
      run: entry.run,
      state: entry.state,
      queuePosition: entry.queuePosition ?? (entry.state.status === "Pending" ? (known?.queuePosition ?? null) : null),
    });
  }

  private update(runKey: string, attempt: number, rev: Rev, state: RunState): void {
    const known = this.state.runs.get(runKey);
    if (!known || compareRev(rev, known.rev) <= 0 || this.isRemovedSince(runKey, rev)) return;
    const run = known.run.attempt === attempt ? known.run : { ...known.run, attempt };
    this.put(runKey, { rev, run, state, queuePosition: state.status === "Pending" ? known.queuePosition : null });
  }

  /** What was active and is no longer listed ended or was deleted while nobody listened: the REST answer knows. */
  private endMissing(listed: ReadonlySet<string>): void {
    for (const [runKey, entry] of this.state.runs)
      if (!listed.has(runKey) && !isTerminal(entry.state.status)) {
        this.own().delete(runKey);
        this.changed.add(runKey);
      }
  }

  private remove(runKey: string, rev: Rev): void {
    const known = this.state.runs.get(runKey);
    if (known && compareRev(rev, known.rev) < 0) return;
    if (known) this.own().delete(runKey);
    this.changed.add(runKey);
    this.state = { ...this.state, removed: new Map(this.state.removed).set(runKey, rev) };
  }

  private isRemovedSince(runKey: string, rev: Rev): boolean {
    const removed = this.state.removed.get(runKey);
    return removed !== undefined && compareRev(rev, removed) <= 0;
  }

  private put(runKey: string, entry: LiveRun): void {
    this.own().set(runKey, entry);
    this.changed.add(runKey);
  }

  private own(): Map<string, LiveRun> {
    if (!this.runs) {
      this.runs = new Map(this.state.runs);
      this.state = { ...this.state, runs: this.runs };
    }
    return this.runs;
  }
}
