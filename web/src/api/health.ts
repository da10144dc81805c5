/** Whether the server answers at all. */

/** Asked every two seconds, the badge is true within three. */
const ANSWER_WITHIN_MS = 900;

export async function isServerAlive(): Promise<boolean> {
  try {
    const response = await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return response.ok;
  } catch {
    return false;
  }
}
