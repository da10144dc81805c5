/** Renders a part of the page with a feed whose socket is a fake one. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { FeedContext, WatchedContext } from "@/live/context";
import { Feed } from "@/live/feed";
import { Watched } from "@/live/watched";
import { FakeSurroundings } from "./surroundings";

/** What a browser keeps, for one test. */
export class MemoryStorage {
  private readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
}

export function renderPage(what: ReactNode, path = "/") {
  const around = new FakeSurroundings();
  const [at, search = ""] = path.split("?");
  const location = memoryLocation({ path: at ?? "/", searchPath: search, record: true });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const feed = new Feed(around, (paint) => paint(), {
    onLive: () => void queries.invalidateQueries(),
    onRunsChanged: () => undefined,
    onTopic: (topic) => void queries.invalidateQueries({ queryKey: [topic] }),
  });
  feed.connection.start();
  const watched = new Watched(new MemoryStorage());
  const page = render(
    <QueryClientProvider client={queries}>
      <FeedContext value={feed}>
        <WatchedContext value={watched}>
          <Router hook={location.hook} searchHook={location.searchHook}>
            {what}
          </Router>
        </WatchedContext>
      </FeedContext>
    </QueryClientProvider>,
  );
  return {
    ...page,
    around,
    feed,
    watched,
    navigate: (to: string) => act(() => location.navigate(to)),
    history: location.history,
    goLive: () => act(() => around.socket.welcomes()),
  };
}
