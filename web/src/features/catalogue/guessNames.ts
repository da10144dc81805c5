/** What a file's name tells of its series: `eurusd_1h.csv`, `BTCUSDT-5m-2024.csv`. */

const TIME_FRAME = /^\d{1,3}[smhdw]$/i;
const NOISE = /^(mid|bid|ask|ohlcv?|bars?|data|\d{4,8})$/i;

export function guessNames(fileName: string): { assetName?: string; timeFrame?: string } {
  const parts = fileName
    .replace(/\.[a-z]+$/i, "")
    .split(/[\s_.-]+/)
    .filter(Boolean);
  const timeFrame = parts.find((part) => TIME_FRAME.test(part))?.toLowerCase();
  const asset = parts.find((part) => !TIME_FRAME.test(part) && !NOISE.test(part))?.toUpperCase();
  return { ...(asset ? { assetName: asset } : {}), ...(timeFrame ? { timeFrame } : {}) };
}
