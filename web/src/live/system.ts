/** How the server is, told once a second by the socket, or asked for while there is none. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchSystem } from "@/api/system";
import { useConnection, useFeed } from "./context";

const POLL_MS = 3000;

export const SYSTEM = "system";

export function useSystem() {
  const feed = useFeed();
  const connection = useConnection();
  useEffect(() => feed.followTopic(SYSTEM), [feed]);
  return useQuery({
    queryKey: [SYSTEM],
    queryFn: ({ signal }) => fetchSystem(signal),
    refetchInterval: connection === "polling" ? POLL_MS : false,
  });
}
