// Fails when what a page loads before its first paint outgrows the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 130;
const dist = new URL("../../server/static/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");
const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path);
let total = 0;
for (const path of files) {
  const kb = gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length / 1000;
  total += kb;
  process.stdout.write(`${kb.toFixed(1).padStart(8)} kB  ${path}\n`);
}
process.stdout.write(`${total.toFixed(1).padStart(8)} kB  entry, gzip (budget ${BUDGET_KB})\n`);
if (files.length === 0 || total > BUDGET_KB) process.exitCode = 1;
