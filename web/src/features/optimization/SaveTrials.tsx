/** All trials of an optimization as a file. */
import { useState } from "react";
import { fetchTrialsFile } from "@/api/trials";
import type { TrialFile, TrialQuery } from "@/api/trials";
import { Button } from "@/ui/Button";
import { saveAs } from "@/ui/download";

interface SaveProps {
  runKey: string;
  chosen: Pick<TrialQuery, "sort" | "status">;
  disabled: boolean;
}

const FILES = [
  ["csv", "Save as CSV"],
  ["parquet", "Parquet"],
] as const satisfies readonly (readonly [TrialFile, string])[];

export function SaveTrials({ runKey, chosen, disabled }: SaveProps) {
  const [busy, setBusy] = useState<TrialFile | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (as: TrialFile): Promise<void> => {
    setBusy(as);
    setProblem(null);
    try {
      saveAs(`${runKey}.${as}`, await fetchTrialsFile(runKey, as, chosen));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(null);
  };
  return (
    <span className="row push">
      {problem && (
        <span className="small loss" role="alert">
          {problem}
        </span>
      )}
      {FILES.map(([as, words]) => (
        <Button
          key={as}
          small
          look="quiet"
          icon="file"
          disabled={disabled || busy !== null}
          onClick={() => void save(as)}
        >
          {busy === as ? "Saving…" : words}
        </Button>
      ))}
    </span>
  );
}
