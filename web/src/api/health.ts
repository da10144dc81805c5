/** Whether the server answers at all. */

const ANSWER_WITHIN_MS = 1500;

export async function isServerAlive(): Promise<boolean> {
  try {
    const response = await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return response.ok;
  } catch {
    return false;
  }
}
