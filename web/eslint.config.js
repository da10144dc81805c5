import hooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";

/** What a layer must not import: layers go app → features → live → api → format, ui beside. */
const layer = (folder, forbidden, reason) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: [...forbidden.map((name) => `@/${name}/**`), "!@/api/types"], message: reason }] },
    ],
  },
});
const features = ["runs", "compare", "new-run", "backtest", "optimization", "catalogue"];

export default defineConfig(
  { ignores: ["node_modules/", "src/api/schema.d.ts"] },
  ts.configs.strict,
  ts.configs.stylistic,
  hooks.configs.flat.recommended,
  {
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  layer("format", ["app", "features", "live", "api", "ui"], "format knows nothing but Intl"),
  layer(
    "ui",
    ["app", "features", "live", "api"],
    "ui shows what it is given; of the contract it knows the types alone",
  ),
  layer("api", ["app", "features", "live", "ui", "format"], "api knows the contract alone"),
  layer("live", ["app", "features", "ui"], "live knows the contract and api alone"),
  ...features.map((name) =>
    layer(
      `features/${name}`,
      ["app", ...features.filter((other) => other !== name).map((other) => `features/${other}`)],
      "a feature imports no other feature and not the shell; share through ui, live, api or format",
    ),
  ),
);
