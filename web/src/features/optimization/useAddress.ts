/** What a reader chose to see, kept in the page's address: a link shows the same. */
import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** `text` of the names that are in the address; a change to null takes one out. Going back does not undo it. */
export interface Address {
  readonly text: (name: string) => string | null;
  readonly change: (changes: Readonly<Record<string, string | null>>) => void;
}

export function useAddress(): Address {
  const [search, setSearch] = useSearchParams();
  const text = useCallback((name: string) => search.get(name), [search]);
  const change = useCallback(
    (changes: Readonly<Record<string, string | null>>) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes))
            if (value === null) after.delete(name);
            else after.set(name, value);
          return after;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return { text, change };
}

/** One choice; what is not told, or is none of those there are, is the first one. */
export function useAddressed(
  name: string,
  first: string,
  isKnown: (text: string) => boolean,
): readonly [value: string, set: (value: string) => void] {
  const { text, change } = useAddress();
  const told = text(name);
  const set = useCallback((value: string) => change({ [name]: value === first ? null : value }), [change, name, first]);
  return [told !== null && isKnown(told) ? told : first, set];
}
