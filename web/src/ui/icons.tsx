/** The few glyphs of the page, drawn as strokes so that they take the text's colour. */
import type { ReactNode } from "react";

const paths = {
  cancel: <path d="M6 6l12 12M18 6 6 18" />,
  again: <path d="M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6" />,
  copy: <path d="M9 9h10v11H9zM5 15V4h10" />,
  done: <path d="M5 12.5 10 17.5 19.5 7" />,
  bin: <path d="M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5" />,
  plus: <path d="M12 5v14M5 12h14" />,
  sun: (
    <path d="M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5" />
  ),
  moon: <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" />,
  system: <path d="M4 5h16v11H4zM9 20h6M12 16v4" />,
  search: <path d="M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l4.5 4.5" />,
  chevron: <path d="M9 6l6 6-6 6" />,
  up: <path d="M12 19V6M6 11l6-6 6 6" />,
  down: <path d="M12 5v13M6 13l6 6 6-6" />,
  file: <path d="M6 3h8l4 4v14H6zM14 3v4h4" />,
  picture: <path d="M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01" />,
  form: <path d="M4 6h16M4 12h16M4 18h10" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon-glyph" viewBox="0 0 24 24" aria-hidden="true">
      {paths[name]}
    </svg>
  );
}
