/** A text that a click copies. */
import { useEffect, useState } from "react";
import { toClipboard } from "./clipboard";
import { Icon } from "./icons";

const SHOWN_MS = 1600;

export function Copy({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="copy"
      title={`Copy ${label}`}
      onClick={() => void toClipboard(text).then(setCopied)}
    >
      <span>{text}</span>
      <Icon name={copied ? "done" : "copy"} />
      <span className="sr-only" role="status">
        {copied ? `${label} copied` : ""}
      </span>
    </button>
  );
}
