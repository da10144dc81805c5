/** The runs whose end this browser waits for: started here, or looked at while they were under way. */
import type { RunKind } from "@/api/types";

export interface Watch {
  readonly kind: RunKind;
  readonly runKey: string;
  /** An earlier one that ended is no news. */
  readonly attempt: number;
}

const KEY = "forge.watched";
/** Who starts more than these looks at the list. */
const MOST = 50;

function isWatch(value: unknown): value is Watch {
  if (typeof value !== "object" || value === null) return false;
  const { kind, runKey, attempt } = value as Record<string, unknown>;
  return (kind === "backtest" || kind === "optimization") && typeof runKey === "string" && typeof attempt === "number";
}

/** Kept where all tabs find it, so that an end is told after the tab that started the run was closed. */
export class Watched {
  private watches: readonly Watch[];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {
    this.watches = this.stored();
  }

  readonly get = (): readonly Watch[] => this.watches;
  readonly onChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  add(watch: Watch): void {
    const known = this.watches.find(({ runKey }) => runKey === watch.runKey);
    if (known && known.attempt >= watch.attempt) return;
    this.keep([...without(this.stored(), watch.runKey), watch].slice(-MOST));
    this.change([...without(this.watches, watch.runKey), watch].slice(-MOST));
  }

  /** The reader knows, in whichever tab. */
  told(runKey: string): void {
    this.keep(without(this.stored(), runKey));
    this.forget(runKey);
  }

  /** This tab has nothing more to tell of it. */
  forget(runKey: string): void {
    if (this.watches.some((watch) => watch.runKey === runKey)) this.change(without(this.watches, runKey));
  }

  /** False once another tab has told it. */
  isUntold(runKey: string): boolean {
    return this.stored().some((watch) => watch.runKey === runKey);
  }

  /** Another tab began to watch something. What another tab has told is forgotten when it is looked at. */
  reread(): void {
    const known = new Set(this.watches.map(({ runKey }) => runKey));
    const more = this.stored().filter(({ runKey }) => !known.has(runKey));
    if (more.length > 0) this.change([...this.watches, ...more].slice(-MOST));
  }

  private stored(): readonly Watch[] {
    try {
      const value: unknown = JSON.parse(this.storage.getItem(KEY) ?? "[]");
      return Array.isArray(value) ? value.filter(isWatch) : [];
    } catch {
      return [];
    }
  }

  private keep(watches: readonly Watch[]): void {
    this.storage.setItem(KEY, JSON.stringify(watches));
  }

  private change(watches: readonly Watch[]): void {
    this.watches = watches;
    for (const listener of this.listeners) listener();
  }
}

const without = (watches: readonly Watch[], runKey: string): readonly Watch[] =>
  watches.filter((watch) => watch.runKey !== runKey);
