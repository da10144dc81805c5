/** A panel with one page of a long list: while it loads, when there is none, and with its pager. */
import type { ReactNode } from "react";
import { Failure, Skeleton } from "./Notice";
import { Pager } from "./Pager";
import type { Cursors } from "./Pager";

interface PageOf<T> {
  items: readonly T[];
  nextCursor: string | null;
  /** Null when nobody has counted them. */
  totalCount: number | null;
}

interface PagedPanelProps<T> {
  id: string;
  title: string;
  /** What stands beside the title. */
  head: ReactNode;
  page: PageOf<T> | undefined;
  error: Error | null;
  onRetry: () => void;
  cursors: Cursors;
  onCursors: (cursors: Cursors) => void;
  size: number;
  noun: string;
  /** In place of a list without items. */
  empty: ReactNode;
  children: (items: readonly T[]) => ReactNode;
}

export function PagedPanel<T>({ id, title, head, ...list }: PagedPanelProps<T>) {
  return (
    <section className="panel" id={id} aria-labelledby={`${id}-head`}>
      <header>
        <h2 id={`${id}-head`}>{title}</h2>
        {head}
      </header>
      <Page {...list} />
    </section>
  );
}

type PageProps<T> = Omit<PagedPanelProps<T>, "id" | "title" | "head">;

function Page<T>({ page, error, onRetry, cursors, onCursors, size, noun, empty, children }: PageProps<T>) {
  if (!page)
    return <div className="body">{error ? <Failure error={error} onRetry={onRetry} /> : <Skeleton tall />}</div>;
  if (page.items.length === 0) return empty;
  return (
    <>
      {children(page.items)}
      <Pager
        {...{ cursors, onCursors, size, noun }}
        next={page.nextCursor}
        shown={page.items.length}
        total={page.totalCount}
      />
    </>
  );
}
