/** Instants of market time as a date-and-time field holds them: UTC, without the zone. */

/** `2024-01-01T00:00:00.000Z` → `2024-01-01T00:00`; seconds only when there are some. */
export function fieldOf(instant: string | null | undefined): string {
  const moment = new Date(instant ?? "");
  if (Number.isNaN(moment.getTime())) return "";
  return moment
    .toISOString()
    .replace("Z", "")
    .replace(/(:00)?\.000$/, "");
}

/** The instant that a field holds; null while it holds none. */
export function instantOf(field: string): string | null {
  const moment = new Date(`${field}Z`);
  return field === "" || Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
