/** Starts the page. */
import { QueryClient } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isTokenWanted, onTokenChange } from "@/api/token";
import { browser, nextPaint, onWake } from "@/live/browser";
import { Feed } from "@/live/feed";
import { Watched } from "@/live/watched";
import { applyTheme } from "@/ui/theme";
import { App } from "./App";
import { feedEvents } from "./feedEvents";
import { fetchPages } from "./pages";
import "@/ui/styles/tokens.css";
import "@/ui/styles/base.css";
import "@/ui/styles/controls.css";
import "@/ui/styles/parts.css";
import "@/ui/run/run.css";
import "@/ui/chart/chart.css";
import "./shell.css";

applyTheme();

const queries = new QueryClient({
  defaultOptions: {
    // the server is this page's own origin: whether the network is up says nothing about it
    queries: { networkMode: "always", retry: false, staleTime: 2000 },
    mutations: { networkMode: "always" },
  },
});
const feed = new Feed(browser, nextPaint, feedEvents(queries));
const watched = new Watched(localStorage);
addEventListener("storage", () => watched.reread());
onWake(() => feed.connection.wake());
onTokenChange(() => {
  if (isTokenWanted()) return;
  feed.connection.reconnect();
  void queries.invalidateQueries();
});
feed.connection.start();

addEventListener("load", () => void fetchPages());

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <App queries={queries} feed={feed} watched={watched} />
    </StrictMode>,
  );
