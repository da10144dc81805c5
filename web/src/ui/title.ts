/** The tab's title while a page is open. */
import { useEffect } from "react";

const NAME = "AlgoTradeForge";

export function useTitle(text: string): void {
  useEffect(() => {
    document.title = text ? `${text} · ${NAME}` : NAME;
  }, [text]);
}
