// Writes openapi.json and src/api/schema.d.ts from the server's structs; with --check only says whether they are current.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const web = new URL("../", import.meta.url);
const root = fileURLToPath(new URL("../", web));
const venv = new URL("../.venv/bin/python", web);
const python = process.env.PYTHON ?? (existsSync(venv) ? fileURLToPath(venv) : "python3");

const printed = execFileSync(python, ["-m", "server.api.openapi"], { cwd: root, maxBuffer: 1 << 26 }).toString();
const document = `${JSON.stringify(JSON.parse(printed), null, 1)}\n`;
const header = "// Generated from openapi.json by `npm run types`; do not edit.\n\n";
const types = header + astToString(await openapiTS(JSON.parse(document)));

const files = [
  [new URL("openapi.json", web), document],
  [new URL("src/api/schema.d.ts", web), types],
];
if (process.argv.includes("--check")) {
  const stale = files.filter(([url, text]) => !existsSync(url) || readFileSync(url, "utf8") !== text);
  for (const [url] of stale) process.stderr.write(`${fileURLToPath(url)} is not current: run npm run types\n`);
  process.exitCode = stale.length ? 1 : 0;
} else {
  for (const [url, text] of files) writeFileSync(url, text);
}
