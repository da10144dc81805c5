/** The tab's title while a page is open. */
import { createContext, useContext, useEffect } from "react";

const NAME = "AlgoTradeForge";

/** How many runs are under way, for the titles of pages that tell of something else. */
export const UnderWay = createContext(0);

/** `tellsProgress`: the text says itself how far the work is. */
export function useTitle(text: string, tellsProgress = false): void {
  const count = useContext(UnderWay);
  const ahead = count > 0 && !tellsProgress ? `(${String(count)}) ` : "";
  useEffect(() => {
    document.title = text ? `${ahead}${text} · ${NAME}` : `${ahead}${NAME}`;
  }, [ahead, text]);
}
