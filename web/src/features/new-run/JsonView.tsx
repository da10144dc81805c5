/** The request as the server gets it; edited, it fills in the form. */
import { useState } from "react";
import type { RequestBody, RunKind } from "@/api/types";
import { Button } from "@/ui/Button";
import type { Begun, Prefill } from "./begin";
import type { Draft } from "./draft";
import { requestIn, textOf } from "./requestText";

interface JsonViewProps {
  kind: RunKind;
  /** Null while the form has a field that says nothing. */
  body: RequestBody | null;
  read: (prefill: Prefill) => Begun | null;
  onDraft: (draft: Draft) => void;
}

export function JsonView({ kind, body, read, onDraft }: JsonViewProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const written = textOf(body);
  const take = (): void => {
    const { prefill, problem } = requestIn(typed ?? written, kind);
    const begun = prefill && read(prefill);
    const found = begun ? begun.missing : [problem ?? "There is nothing to run it on."];
    setProblems(found);
    if (!begun || found.length > 0) return;
    onDraft(begun.draft);
    setTyped(null);
  };
  const isEdited = typed !== null && typed !== written;
  return (
    <div className="stack">
      <textarea
        className="input json mono"
        aria-label="Request as JSON"
        aria-invalid={problems.length > 0}
        spellCheck={false}
        rows={Math.min(24, Math.max(8, written.split("\n").length))}
        value={typed ?? written}
        placeholder="Something in the form needs a change first."
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) take();
        }}
      />
      {problems.map((problem) => (
        <p className="small loss" role="alert" key={problem}>
          {problem}
        </p>
      ))}
      <div className="row">
        <Button small disabled={!isEdited} onClick={take}>
          Take it into the form
        </Button>
        {isEdited && (
          <Button
            small
            look="quiet"
            onClick={() => {
              setTyped(null);
              setProblems([]);
            }}
          >
            Leave the form as it is
          </Button>
        )}
      </div>
    </div>
  );
}
