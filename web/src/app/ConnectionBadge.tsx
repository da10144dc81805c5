/** How the page is served right now, in one word that is always true. */
import type { ConnectionStatus } from "@/live/connection";
import { useConnection } from "@/live/context";
import { Pill } from "@/ui/Pill";

const WORDS: Record<ConnectionStatus, [word: string, meaning: string]> = {
  connecting: ["Connecting", "Looking for the server"],
  live: ["Live", "Every change is pushed as it happens"],
  polling: ["Polling", "The live connection is lost: the page asks for news, and keeps trying to go live again"],
  offline: ["Offline", "The server does not answer: the page keeps trying"],
};

export function ConnectionBadge() {
  const status = useConnection();
  const [word, meaning] = WORDS[status];
  return (
    <span role="status" aria-label="Connection" title={meaning} data-testid="connection">
      <Pill tone={status} dot>
        {word}
      </Pill>
    </span>
  );
}

export function Outage() {
  const status = useConnection();
  if (status === "polling")
    return <p className="outage">Live updates are interrupted. The page asks for news every few seconds.</p>;
  if (status === "offline")
    return (
      <p className="outage offline">The server does not answer. What you see may be old; the page keeps trying.</p>
    );
  return null;
}
