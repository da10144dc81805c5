/** A panel that waits until it is nearly in sight: what it needs is not asked for before. */
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

interface WhenNearProps {
  id: string;
  title: string;
  children: ReactNode;
}

/** How far below the window, so that who scrolls finds it there. */
const MARGIN = "0px 0px 500px 0px";

export function WhenNear({ id, title, children }: WhenNearProps) {
  const [near, setNear] = useState(false);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (near || !place.current) return;
    const show = (): void => setNear(true);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) show();
      },
      { rootMargin: MARGIN },
    );
    observer.observe(place.current);
    addEventListener("beforeprint", show);
    return () => {
      observer.disconnect();
      removeEventListener("beforeprint", show);
    };
  }, [near]);
  if (near) return children;
  return (
    <section ref={place} className="panel awaited" id={id} aria-label={title} aria-busy="true">
      <header>
        <h2>{title}</h2>
      </header>
    </section>
  );
}
