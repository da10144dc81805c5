/** What is picked to be compared, always in reach while something is. */
import { whole } from "@/format/numbers";
import { Button, ButtonLink } from "@/ui/Button";
import { comparePath, isEnough, MOST_PICKED } from "./pick";

export function PickedBar({ picked, onClear }: { picked: readonly string[]; onClear: () => void }) {
  if (picked.length === 0) return null;
  return (
    <div className="picked foot-bar" role="region" aria-label="Picked to compare">
      <p role="status">
        {picked.length === 1 ? "1 run is picked" : `${whole(picked.length)} runs are picked`}
        {!isEnough(picked) && <span className="soft">. Pick another one to compare.</span>}
        {picked.length === MOST_PICKED && <span className="soft">, and more are too many to tell apart.</span>}
      </p>
      <span className="row push">
        {isEnough(picked) && (
          <ButtonLink look="primary" icon="compare" href={comparePath(picked)}>
            Compare
          </ButtonLink>
        )}
        <Button look="quiet" onClick={onClear}>
          Pick none
        </Button>
      </span>
    </div>
  );
}
