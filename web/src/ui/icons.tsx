/** The few glyphs of the page, drawn as strokes so that they take the text's colour. */
import type { ReactNode } from "react";

const paths = {
  cancel: <path d="M6 6l12 12M18 6 6 18" />,
  again: <path d="M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6" />,
  copy: <path d="M9 9h10v11H9zM5 15V4h10" />,
  done: <path d="M5 12.5 10 17.5 19.5 7" />,
  bin: <path d="M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5" />,
  plus: <path d="M12 5v14M5 12h14" />,
  minus: <path d="M5 12h14" />,
  left: <path d="M15 6l-6 6 6 6" />,
  wide: <path d="M3 6v12M21 6v12M6.5 12h11M9.5 9l-3 3 3 3M14.5 9l3 3-3 3" />,
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
  filter: <path d="M4 6h16M7 12h10M10 18h4" />,
  compare: <path d="M4 17l5-6 4 3 7-9M4 9l5 5 4-2 7 6" />,
  bell: <path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4" />,
  muted: <path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4M4 4l16 16" />,
  keyboard: <path d="M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10" />,
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
