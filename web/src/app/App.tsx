/** The shell around every page, and which page a path shows. */
import { QueryClientProvider } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import type { ReactNode, RefObject } from "react";
import { Suspense, useEffect, useRef } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { RunsPage } from "@/features/runs/RunsPage";
import { FeedContext, useActiveCount, WatchedContext } from "@/live/context";
import type { Feed } from "@/live/feed";
import type { Watched } from "@/live/watched";
import { ButtonLink } from "@/ui/Button";
import { Empty, Skeleton } from "@/ui/Notice";
import { UnderWay, useTitle } from "@/ui/title";
import { ConnectionBadge, Outage } from "./ConnectionBadge";
import { Crash } from "./Crash";
import { Keys } from "./keys/Keys";
import { DesktopToggle } from "./notices/DesktopToggle";
import { EndedRuns } from "./notices/EndedRuns";
import { BacktestPage, CataloguePage, ComparePage, NewRunPage, OptimizationPage } from "./pages";
import { ThemeToggle } from "./ThemeToggle";
import { TokenPrompt } from "./TokenPrompt";

interface AppProps {
  queries: QueryClient;
  feed: Feed;
  watched: Watched;
}

export function App({ queries, feed, watched }: AppProps) {
  return (
    <QueryClientProvider client={queries}>
      <FeedContext value={feed}>
        <WatchedContext value={watched}>
          <Counting>
            <div className="shell">
              <TopBar />
              <Pages />
            </div>
          </Counting>
          <EndedRuns />
          <TokenPrompt />
        </WatchedContext>
      </FeedContext>
    </QueryClientProvider>
  );
}

/** Tells every title how many runs are under way. */
function Counting({ children }: { children: ReactNode }) {
  return <UnderWay value={useActiveCount()}>{children}</UnderWay>;
}

/** What belongs to the runs. */
const OF_RUNS = ["/backtests", "/optimizations", "/compare"];

const NAV = [
  ["/", "Runs"],
  ["/new", "New run"],
  ["/catalogue", "Strategies & data"],
] as const;

function TopBar() {
  const [path] = useLocation();
  const isHere = (href: string): boolean =>
    href === "/" ? path === "/" || OF_RUNS.some((each) => path.startsWith(each)) : path === href;
  return (
    <header className="topbar">
      <a className="button skip" href="#page">
        Skip to the content
      </a>
      <div className="topbar-inner">
        <Link href="/" className="brand">
          <Mark />
          AlgoTradeForge
        </Link>
        <nav aria-label="Pages">
          {NAV.map(([href, name]) => (
            <Link key={href} href={href} {...(isHere(href) ? { "aria-current": "page" as const } : {})}>
              {name}
            </Link>
          ))}
        </nav>
        <span className="row push">
          <ConnectionBadge />
          <Keys />
          <DesktopToggle />
          <ThemeToggle />
        </span>
      </div>
      <Outage />
    </header>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect className="ground" width="32" height="32" rx="8" />
      <path className="spark" d="M6.5 22.5 12.5 15l4.5 4 8.5-10.5" />
      <circle className="ember" cx="25.5" cy="8.5" r="2.6" />
    </svg>
  );
}

/** A new page begins at its top, or at the part that its address names, for the eyes and for the keyboard. */
function Arrival({ path, main }: { path: string; main: RefObject<HTMLElement | null> }) {
  const shown = useRef(path);
  useEffect(() => {
    // not at the first load
    if (shown.current === path) return;
    shown.current = path;
    const part = document.getElementById(window.location.hash.slice(1));
    if (part) part.scrollIntoView();
    else scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
  return null;
}

function Pages() {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  return (
    <main id="page" className="page" ref={main} tabIndex={-1}>
      <Crash page={path}>
        <Suspense fallback={<Skeleton tall />}>
          <Switch>
            <Route path="/" component={RunsPage} />
            <Route path="/new" component={NewRunPage} />
            <Route path="/backtests/:runKey">{({ runKey }) => <BacktestPage key={runKey} runKey={runKey} />}</Route>
            <Route path="/optimizations/:runKey">
              {({ runKey }) => <OptimizationPage key={runKey} runKey={runKey} />}
            </Route>
            <Route path="/compare" component={ComparePage} />
            <Route path="/catalogue" component={CataloguePage} />
            <Route component={NotFound} />
          </Switch>
          <Arrival path={path} main={main} />
        </Suspense>
      </Crash>
    </main>
  );
}

function NotFound() {
  useTitle("Not found");
  return (
    <Empty title="There is no such page">
      <p>The address may be mistyped, or the page may be from another version.</p>
      <ButtonLink href="/">All runs</ButtonLink>
    </Empty>
  );
}
