/** Asks before something is lost. */
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Button } from "./Button";

interface AskProps {
  title: string;
  act: string;
  onAct: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function Ask({ title, act, onAct, onClose, children }: AskProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog ref={ref} onClose={onClose} aria-label={title}>
      <div className="stack">
        <h2>{title}</h2>
        <div className="soft">{children}</div>
        <div className="row">
          <Button
            look="danger"
            onClick={() => {
              onAct();
              onClose();
            }}
          >
            {act}
          </Button>
          <Button look="quiet" onClick={onClose}>
            Keep it
          </Button>
        </div>
      </div>
    </dialog>
  );
}
