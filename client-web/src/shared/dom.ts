// The only place that makes elements. Text becomes text nodes, never markup.

export type Child = Node | string | number | false | null | undefined | readonly Child[];

type Handlers = {
  readonly [Name in keyof HTMLElementEventMap as `on${Name}`]?:
    | ((event: HTMLElementEventMap[Name]) => void)
    | undefined;
};

type Value = string | number | boolean | undefined;

/** `style` is missing on purpose: the pages' Content-Security-Policy refuses style attributes. */
type Name =
  | "accept"
  | "autocapitalize"
  | "autocomplete"
  | "autocorrect"
  | "autofocus"
  | "checked"
  | "class"
  | "cols"
  | "colspan"
  | "controls"
  | "controlslist"
  | "datetime"
  | "dir"
  | "disabled"
  | "enterkeyhint"
  | "for"
  | "height"
  | "hidden"
  | "href"
  | "id"
  | "inert"
  | "inputmode"
  | "label"
  | "lang"
  | "max"
  | "maxlength"
  | "min"
  | "multiple"
  | "name"
  | "open"
  | "pattern"
  | "placeholder"
  | "readonly"
  | "rel"
  | "required"
  | "role"
  | "rows"
  | "scope"
  | "selected"
  | "size"
  | "spellcheck"
  | "src"
  | "step"
  | "tabindex"
  | "target"
  | "title"
  | "type"
  | "value"
  | "width"
  | "writingsuggestions";

type Values = { readonly [Key in Name]?: Value } & {
  readonly [key: `data-${string}`]: Value;
  readonly [key: `aria-${string}`]: Value;
};

/** `undefined` and `false` leave an attribute out, `true` sets it to the empty text. */
export type Attributes = Handlers & Values;

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries<unknown>(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

export function append(parent: ParentNode, children: readonly Child[]): void {
  for (const child of children) {
    if (child === false || child === null || child === undefined) continue;
    if (isList(child)) append(parent, child);
    else parent.append(typeof child === "number" ? String(child) : child);
  }
}

export function replaceChildren(parent: ParentNode, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** Text that somebody wrote: it may be in any language, whatever the page's is. */
export function written(text: string, attributes: Attributes = {}): HTMLElement {
  return h("bdi", { dir: "auto", ...attributes }, text);
}

/** One paragraph for each line that is not empty. */
export function paragraphs(text: string, attributes: Attributes = {}): readonly HTMLElement[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => h("p", attributes, line));
}

function isList(child: Node | string | number | readonly Child[]): child is readonly Child[] {
  return Array.isArray(child);
}
