/** Renders a part of the page with a feed whose socket is a fake one. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { FeedContext } from "@/live/context";
import { Feed } from "@/live/feed";
import { FakeSurroundings } from "./surroundings";

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
  const page = render(
    <QueryClientProvider client={queries}>
      <FeedContext value={feed}>
        <Router hook={location.hook} searchHook={location.searchHook}>
          {what}
        </Router>
      </FeedContext>
    </QueryClientProvider>,
  );
  return {
    ...page,
    around,
    feed,
    history: location.history,
    goLive: () => act(() => around.socket.welcomes()),
  };
}
