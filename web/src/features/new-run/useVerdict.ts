/** What the server says of the form while it is filled in: its size, its cost, its mistakes. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { evaluate } from "@/api/evaluate";
import type { ApiError } from "@/api/http";
import { dryRun } from "@/api/runs";
import type { Evaluation, RequestBody, RunKind, Submission } from "@/api/types";

const TYPING_MS = 300;
const FRESH_MS = 5000;

export interface Verdict {
  evaluation: Evaluation | null;
  /** What submitting would do; null when it would be refused. */
  submission: Submission | null;
}

export function useVerdict(kind: RunKind, body: RequestBody | null) {
  const text = useSettled(JSON.stringify(body));
  const { data, error, isFetching } = useQuery<Verdict, ApiError>({
    queryKey: ["verdict", kind, text],
    queryFn: ({ signal }) => ask(kind, JSON.parse(text) as RequestBody, signal),
    enabled: text !== "null",
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
  const behind = isFetching || text !== JSON.stringify(body);
  return { verdict: error || body === null ? null : (data ?? null), error: body === null ? null : error, behind };
}

async function ask(kind: RunKind, body: RequestBody, signal: AbortSignal): Promise<Verdict> {
  if (kind === "backtest") return { evaluation: null, submission: await dryRun(kind, body, signal) };
  const evaluation = await evaluate(body, signal);
  return { evaluation, submission: evaluation.exceedsMaxCombinations ? null : await dryRun(kind, body, signal) };
}

/** The text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
