// Brings the page's elements to what a view just described, touching only what differs: an element that
// stays keeps its focus, its selection, its scroll position and the input method's half-written word.

/** What a part was made from, and how to make it: it is made only when something of that has changed. */
interface Recipe {
  readonly from: readonly unknown[];
  readonly make: () => HTMLElement;
}

const recipes = new WeakMap<Element, Recipe>();

/**
 * A part that is costly to make and seldom changes, such as a long conversation. `make` gives an element of the same
 * key, and reads nothing that may change besides what stands in `from`.
 */
export function lazily(key: string, from: readonly unknown[], make: () => HTMLElement): HTMLElement {
  const stub = document.createElement("div");
  stub.setAttribute("data-key", key);
  recipes.set(stub, { from, make });
  return stub;
}

/** Elements with a `data-key` are matched by it among their siblings; others by order and tag. */
export function patch(live: Element, next: Element): void {
  const recipe = recipes.get(next);
  if (recipe !== undefined) {
    if (isSame(recipes.get(live)?.from, recipe.from)) return;
    recipes.set(live, recipe);
    patch(live, recipe.make());
    return;
  }
  patchAttributes(live, next);
  if (live instanceof HTMLTextAreaElement && next instanceof HTMLTextAreaElement) {
    if (live.value !== next.value) live.value = next.value;
    return;
  }
  patchChildren(live, next);
  if (live instanceof HTMLSelectElement && next instanceof HTMLSelectElement) {
    if (live.value !== next.value) live.value = next.value;
  }
  // A field without a value of the state's keeps its own: a passphrase is in no state.
  if (live instanceof HTMLInputElement && next instanceof HTMLInputElement && next.hasAttribute("value")) {
    if (live.value !== next.value) live.value = next.value;
  }
}

function isSame(before: readonly unknown[] | undefined, now: readonly unknown[]): boolean {
  return before?.length === now.length && before.every((one, at) => Object.is(one, now[at]));
}

function patchAttributes(live: Element, next: Element): void {
  for (const { name } of Array.from(live.attributes)) {
    if (!next.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value } of Array.from(next.attributes)) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}

function patchChildren(live: Element, next: Element): void {
  const keyed = keptByKey(live, next);
  let current = live.firstChild;
  for (const wanted of Array.from(next.childNodes)) {
    const key = keyOf(wanted);
    const same = key === null ? unkeyed(current, wanted) : (keyed.get(key) ?? null);
    if (same === null) {
      live.insertBefore(made(wanted), current);
      continue;
    }
    if (same === current) current = current.nextSibling;
    else live.insertBefore(same, current);
    if (same instanceof Element && wanted instanceof Element) patch(same, wanted);
    else if (same.nodeValue !== wanted.nodeValue) same.nodeValue = wanted.nodeValue;
  }
  while (current !== null) {
    const rest: ChildNode | null = current.nextSibling;
    current.remove();
    current = rest;
  }
}

/** Those that go are removed first, so that those that stay need not move: moving an element takes its focus away. */
function keptByKey(live: Element, next: Element): ReadonlyMap<string, Element> {
  const wanted = new Set([...next.children].map(keyOf));
  const kept = new Map<string, Element>();
  for (const child of Array.from(live.children)) {
    const key = keyOf(child);
    if (key === null) continue;
    if (wanted.has(key)) kept.set(key, child);
    else child.remove();
  }
  return kept;
}

function unkeyed(current: ChildNode | null, wanted: ChildNode): ChildNode | null {
  const matches = current !== null && current.nodeName === wanted.nodeName && keyOf(current) === null;
  return matches ? current : null;
}

/** What is new on the page, with the parts inside it that were to be made lazily. */
function made(node: ChildNode): ChildNode {
  if (!(node instanceof Element)) return node;
  const recipe = recipes.get(node);
  if (recipe !== undefined) {
    const element = recipe.make();
    recipes.set(element, recipe);
    return withPartsMade(element);
  }
  return withPartsMade(node);
}

function withPartsMade(element: Element): Element {
  for (const child of Array.from(element.children)) {
    const ready = made(child);
    if (ready !== child) child.replaceWith(ready);
  }
  return element;
}

function keyOf(node: Node): string | null {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}
