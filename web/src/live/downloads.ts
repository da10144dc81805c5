/** What is fetched from exchanges, told by the socket while somebody looks, or asked for while there is none. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchDownloads } from "@/api/downloads";
import { useConnection, useFeed } from "./context";

const POLL_MS = 2000;
const DOWNLOADS = "downloads";

export function useDownloads() {
  const feed = useFeed();
  const connection = useConnection();
  useEffect(() => feed.followTopic(DOWNLOADS), [feed]);
  return useQuery({
    queryKey: [DOWNLOADS],
    queryFn: ({ signal }) => fetchDownloads(signal),
    refetchInterval: connection === "polling" ? POLL_MS : false,
  });
}
