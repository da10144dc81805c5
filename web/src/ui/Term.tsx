/** The name of a value, with its definition: shown under the pointer, with the keyboard's focus, and after a tap. */
import { useEffect, useId, useRef, useState } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { besideOf } from "./beside";
import type { Place } from "./beside";

export function Term({ meaning, children }: { meaning: string; children: ReactNode }) {
  const [place, setPlace] = useState<Place | null>(null);
  const word = useRef<HTMLElement>(null);
  const id = useId();
  const open = (): void => {
    if (word.current) setPlace(besideOf(word.current.getBoundingClientRect(), innerWidth, innerHeight));
  };
  const close = (): void => setPlace(null);
  useEffect(() => {
    if (!place) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") setPlace(null);
    };
    addEventListener("scroll", close, { capture: true, passive: true });
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("scroll", close, { capture: true });
      removeEventListener("keydown", onKey);
    };
  }, [place]);
  return (
    <dt
      ref={word}
      className="term"
      tabIndex={0}
      aria-describedby={place ? id : undefined}
      onPointerEnter={open}
      onPointerLeave={close}
      onFocus={open}
      onBlur={close}
    >
      {children}
      {/* not among the texts of the page, in which its words would be found twice */}
      {place &&
        createPortal(
          <span role="tooltip" id={id} className="tip" style={place}>
            {meaning}
          </span>,
          document.body,
        )}
    </dt>
  );
}
