// Compiles Fluent files when a page is built, so that no page carries Fluent's parser and resolver: a tenth of
// its weight. `src/shared/text.ts` formats what this writes. It refuses what our texts do not need.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { FluentResource } from "@fluent/bundle";

/** The messages of a `.ftl` file, by id. */
export function compileFluent(source, file) {
  const { body } = new FluentResource(source);
  const ids = [...source.matchAll(/^(-?[a-zA-Z][\w-]*) *=/gm)].map(([, id]) => id);
  const read = new Set(body.map(({ id }) => id));
  // Fluent's parser skips what it cannot read, and lets the last of two messages win.
  if (ids.length !== body.length || ids.length !== read.size) {
    const unread = ids.filter((id, i) => !read.has(id) || ids.indexOf(id) !== i);
    throw new Error(`${file}: cannot read ${unread.join(", ")}`);
  }
  const messages = body.map(({ id, value, attributes }) => {
    if (Object.keys(attributes).length > 0) throw new Error(`${file}: ${id} has attributes`);
    return [id, compilePattern(value, `${file}: ${id}`)];
  });
  return Object.fromEntries(messages);
}

function compilePattern(pattern, where) {
  if (typeof pattern === "string") return pattern;
  if (!Array.isArray(pattern)) throw new Error(`${where} has no text`);
  return pattern.map((part) => (typeof part === "string" ? part : compilePlaceable(part, where)));
}

function compilePlaceable(part, where) {
  if (part.type === "var") return [part.name];
  if (part.type !== "select" || part.selector.type !== "var") {
    throw new Error(`${where} uses ${part.type}, which src/shared/text.ts does not know`);
  }
  const cases = part.variants.map(({ key, value }) => [key.value, compilePattern(value, where)]);
  const [, other] = cases[part.star];
  return [part.selector.name, { ...Object.fromEntries(cases), other }];
}

/** For esbuild. The ids of a file are written once for all its languages, in the order of the English one. */
export const fluentForEsbuild = {
  name: "fluent",
  setup: ({ onLoad, onResolve }) => {
    onLoad({ filter: /\.ftl$/, namespace: "file" }, async ({ path: file }) => {
      const english = englishOf(file);
      const [ids, messages] = [Object.keys(await compileFile(english)), await compileFile(file)];
      const same = ids.length === Object.keys(messages).length && ids.every((id) => id in messages);
      if (!same) throw new Error(`${file} and ${english} do not have the same ids`);
      const patterns = JSON.stringify(ids.map((id) => messages[id]));
      const contents = `import ids from ${JSON.stringify(`fluent-ids:${english}`)};
        export default Object.fromEntries(${patterns}.map((pattern, i) => [ids[i], pattern]));`;
      return { contents, watchFiles: [english] };
    });
    onResolve({ filter: /^fluent-ids:/ }, ({ path: id }) => ({
      path: id.replace("fluent-ids:", ""),
      namespace: "fluent-ids",
    }));
    onLoad({ filter: /.*/, namespace: "fluent-ids" }, async ({ path: file }) => ({
      contents: JSON.stringify(Object.keys(await compileFile(file))),
      loader: "json",
    }));
  },
};

/** For vitest. */
export const fluentForVite = {
  name: "fluent",
  transform: (source, id) =>
    id.endsWith(".ftl") ? `export default ${JSON.stringify(compileForPage(source, id))};` : undefined,
};

async function compileFile(file) {
  return compileForPage(await readFile(file, "utf8"), file);
}

/** What a desk shows of the catalogue of indicators, which is the report's: what workers count, by name. */
const ON_A_DESK =
  /^(?:table|label)-(?:need|result|referral|kit|emergency|substance|contact|visit|not_counselling|age|gender|signal|material)(?:-(?!about$)|$)/;

function compileForPage(source, file) {
  const messages = compileFluent(source, file);
  if (path.basename(file) !== "indicators.ftl") return messages;
  return Object.fromEntries(Object.entries(messages).filter(([id]) => ON_A_DESK.test(id)));
}

/** locales/LANGUAGE/FILE.ftl */
function englishOf(file) {
  return path.join(path.dirname(file), "..", "en", path.basename(file));
}
