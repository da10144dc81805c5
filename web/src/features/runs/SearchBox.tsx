/** The words that runs must carry: asked for when the reader has stopped typing, not at every letter. */
import { useEffect, useState } from "react";

const TYPING_MS = 250;

export function SearchBox({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // the address changed by other means: a link, or the way back
    setKnown(value);
    if (text.trim() !== value) setText(value);
  }
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onValue(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value, onValue]);
  return (
    <input
      type="search"
      className="input search"
      placeholder="Strategy, label or RunKey"
      aria-label="Search"
      aria-keyshortcuts="/"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
