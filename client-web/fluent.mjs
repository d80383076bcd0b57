// Compiles a Fluent file when the page is built, so that no page carries Fluent's parser and resolver: a tenth
// of its weight. `src/shared/text.ts` formats what this writes. It refuses what our texts do not need.

import { FluentResource } from "@fluent/bundle";

/** The source of a module whose default export holds the messages of a `.ftl` file, by id. */
export function compileFluent(source, file) {
  const { body } = new FluentResource(source);
  const ids = [...source.matchAll(/^(-?[a-zA-Z][\w-]*) *=/gm)].map(([, id]) => id);
  const read = new Set(body.map(({ id }) => id));
  // Fluent's parser skips what it cannot read, and lets the last of two messages win.
  if (ids.length !== body.length || ids.length !== read.size) {
    throw new Error(
      `${file}: cannot read ${ids.filter((id, i) => !read.has(id) || ids.indexOf(id) !== i).join(", ")}`,
    );
  }
  const messages = body.map(({ id, value, attributes }) => {
    if (Object.keys(attributes).length > 0) throw new Error(`${file}: ${id} has attributes`);
    return [id, compilePattern(value, `${file}: ${id}`)];
  });
  return `export default ${JSON.stringify(Object.fromEntries(messages))};`;
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
