/** Names of the contract as a reader says them. */

/** `fastPeriod` → `Fast period`. */
export function spoken(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Parameters in one line: `fast period 10 · slow period 30`. */
export const paramLine = (parameters: Record<string, unknown> | undefined): string =>
  Object.entries(parameters ?? {})
    .map(([name, value]) => `${spoken(name).toLowerCase()} ${String(value)}`)
    .join(" · ");
