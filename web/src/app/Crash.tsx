/** In place of a page that broke: what happened, and a way on. */
import { Component } from "react";
import type { ReactNode } from "react";
import { Notice } from "@/ui/Notice";

interface CrashProps {
  /** Another value begins anew: the reader went to another page. */
  page: string;
  children: ReactNode;
}

interface CrashState {
  error: Error | null;
  page: string;
}

export class Crash extends Component<CrashProps, CrashState> {
  override state: CrashState = { error: null, page: this.props.page };

  static getDerivedStateFromError(error: unknown): Partial<CrashState> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps({ page }: CrashProps, state: CrashState): Partial<CrashState> | null {
    return page === state.page ? null : { error: null, page };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Notice tone="bad" title="This page broke. That is a bug of the dashboard, and no run is affected.">
        <p>Loading it again may help. The others still work.</p>
        <pre className="trace">{error.stack ?? error.message}</pre>
      </Notice>
    );
  }
}
