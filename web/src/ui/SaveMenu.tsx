/** A button that unfolds what can be kept as a file; Escape and a click elsewhere fold it again. */
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "./Button";
import { saveAs } from "./download";

export interface SaveItem {
  readonly label: string;
  readonly name: string;
  readonly load: () => Promise<Blob>;
}

export function SaveMenu({ items }: { items: readonly SaveItem[] }) {
  const list = useId();
  const frame = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!open) return;
    const fold = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !frame.current?.contains(event.target as Node))
        setOpen(false);
    };
    document.addEventListener("pointerdown", fold);
    document.addEventListener("keydown", fold);
    return () => {
      document.removeEventListener("pointerdown", fold);
      document.removeEventListener("keydown", fold);
    };
  }, [open]);
  if (items.length === 0) return null;
  const save = async ({ label, name, load }: SaveItem): Promise<void> => {
    setBusy(label);
    setProblem(null);
    try {
      saveAs(name, await load());
      setOpen(false);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(null);
  };
  return (
    <span className="save-menu" ref={frame}>
      <Button icon="file" aria-expanded={open} aria-controls={list} onClick={() => setOpen(!open)}>
        {busy ? "Saving…" : "Save"}
      </Button>
      {open && (
        <ul id={list}>
          {items.map((item) => (
            <li key={item.label}>
              <Button small look="quiet" disabled={busy !== null} onClick={() => void save(item)}>
                {item.label}
              </Button>
            </li>
          ))}
          {problem && (
            <li className="small loss" role="alert">
              {problem}
            </li>
          )}
        </ul>
      )}
    </span>
  );
}
