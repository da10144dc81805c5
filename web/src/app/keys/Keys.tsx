/** Listens to the keys that work everywhere, and shows them when asked. */
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Button, IconButton } from "@/ui/Button";
import { CheckField } from "@/ui/Field";
import { areKeysOn, shortcutOf, SHORTCUTS, turnKeys } from "./shortcuts";
import type { Shortcut } from "./shortcuts";
import "./keys.css";

const SEARCH = "input[type=search]";
/** The page with the search is drawn by then. */
const TRIES = 20;

export function Keys() {
  const [, go] = useLocation();
  const [shown, setShown] = useState(false);
  const act = useRef<(shortcut: Shortcut) => void>(undefined);
  useEffect(() => {
    act.current = (shortcut) => {
      if (shortcut === "?") setShown(true);
      else if (shortcut === "n") go("/new");
      else if (shortcut === "r") go("/");
      else {
        if (!document.querySelector(SEARCH)) go("/");
        focusSearch(TRIES);
      }
    };
  }, [go]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      const shortcut = shortcutOf(event, target, document.querySelector("dialog[open]") !== null);
      if (!shortcut || (shortcut !== "?" && !areKeysOn())) return;
      event.preventDefault();
      act.current?.(shortcut);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <IconButton label="Keyboard shortcuts" icon="keyboard" aria-keyshortcuts="?" onClick={() => setShown(true)} />
      {shown && <KeysDialog onClose={() => setShown(false)} />}
    </>
  );
}

function focusSearch(tries: number): void {
  const search = document.querySelector<HTMLInputElement>(SEARCH);
  search?.focus();
  search?.select();
  if (!search && tries > 0) requestAnimationFrame(() => focusSearch(tries - 1));
}

function KeysDialog({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(areKeysOn);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog ref={ref} onClose={onClose} aria-labelledby="keys-head">
      <div className="stack">
        <h2 id="keys-head">Keyboard shortcuts</h2>
        <dl className="facts keys">
          {SHORTCUTS.map(([key, meaning]) => (
            <div className="sr-contents" key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <p className="small soft">Tab and Shift + Tab go from one thing to the next, Enter acts, Escape closes.</p>
        <CheckField
          label="Single keys act"
          checked={on}
          onChecked={(checked) => {
            turnKeys(checked);
            setOn(checked);
          }}
        />
        <div>
          <Button onClick={() => ref.current?.close()}>Close</Button>
        </div>
      </div>
    </dialog>
  );
}
