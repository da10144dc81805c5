/** Conditions between parameters: a row for each, with the server's complaint at the row. */
import { Button, IconButton } from "@/ui/Button";
import type { SearchProps } from "./SearchFields";
import { conditionPaths } from "./search";

interface ConditionProps extends SearchProps {
  /** Names for the example. */
  names: readonly string[];
}

export function ConditionFields({ search, change, wrong, names }: ConditionProps) {
  const { conditions } = search;
  const paths = conditionPaths(conditions);
  const set = (next: readonly string[]): void => change({ conditions: next });
  const example = names.length > 1 ? `${names[0] ?? ""} < ${names[1] ?? ""}` : `${names[0] ?? "period"} != 13`;
  return (
    <div className="stack conditions" role="group" aria-labelledby="conditions-head">
      <div>
        <h3 id="conditions-head">Conditions</h3>
        <p className="hint small faint">Combinations that do not meet all of them are left out.</p>
      </div>
      {conditions.map((condition, at) => {
        const path = paths[at] ?? null;
        const error = path === null ? undefined : wrong(path);
        return (
          <div className="field" key={at}>
            <span className="row nowrap">
              <input
                id={`conditions.${String(at)}`}
                className="input mono"
                aria-label={`Condition ${String(at + 1)}`}
                placeholder={example}
                autoComplete="off"
                spellCheck={false}
                value={condition}
                aria-invalid={error !== undefined}
                aria-describedby={error ? `conditions.${String(at)}-error` : undefined}
                onChange={(event) => set(conditions.with(at, event.target.value))}
              />
              <IconButton
                label={`Remove condition ${String(at + 1)}`}
                icon="cancel"
                onClick={() => set(conditions.toSpliced(at, 1))}
              />
            </span>
            {error && (
              <p className="wrong" id={`conditions.${String(at)}-error`} role="alert">
                {error}
              </p>
            )}
          </div>
        );
      })}
      {wrong("conditions") && (
        <p className="small loss" role="alert">
          {wrong("conditions")}
        </p>
      )}
      <div>
        <Button small icon="plus" onClick={() => set([...conditions, ""])}>
          Add a condition
        </Button>
      </div>
    </div>
  );
}
