// Bundle each app's frontend/pages/*.ts and its style sheets into core/static/bundles/, minified, one file a page.
import { build, context } from "esbuild";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

const apps = readdirSync("maillage", { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
const entries = {};
/** Two sources of one name would write one file: the later would silently win. */
const add = (name, source) => {
  if (entries[name]) throw new Error(`${entries[name]} and ${source} have one name`);
  entries[name] = source;
};
for (const app of apps) {
  const folder = join("maillage", app, "frontend");
  if (!existsSync(folder)) continue;
  const pages = existsSync(join(folder, "pages")) ? readdirSync(join(folder, "pages")) : [];
  for (const page of pages.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")))
    add(`${app}/${page.slice(0, -3)}`, join(folder, "pages", page));
  for (const sheet of readdirSync(folder).filter((name) => name.endsWith(".css") && !name.startsWith("_")))
    add(`${app}/${sheet.slice(0, -4)}`, join(folder, sheet));
}

const outdir = "maillage/core/static/bundles";
mkdirSync(outdir, { recursive: true });
const options = {
  entryPoints: entries, outdir, bundle: true, minify: true, format: "esm", target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  loader: { ".png": "file", ".woff2": "copy", ".svg": "dataurl" }, external: ["*.woff2"], logLevel: "warning", legalComments: "none",
};
if (process.argv.includes("--watch")) await (await context(options)).watch();
else await build(options);
