// Brings the page's elements to what a view just described, touching only what differs: an element that
// stays keeps its focus, its selection, its scroll position and the input method's half-written word.

/** Elements with a `data-key` are matched by it among their siblings; others by order and tag. */
export function patch(live: Element, next: Element): void {
  patchAttributes(live, next);
  if (live instanceof HTMLTextAreaElement && next instanceof HTMLTextAreaElement) {
    if (live.value !== next.value) live.value = next.value;
    return;
  }
  patchChildren(live, next);
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
  removeMissingKeys(live, next);
  let current = live.firstChild;
  for (const wanted of Array.from(next.childNodes)) {
    const same = match(live, current, wanted);
    if (same === null) {
      live.insertBefore(wanted, current);
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

/** First, so that those which stay need not move: moving an element takes its focus away. */
function removeMissingKeys(live: Element, next: Element): void {
  const wanted = new Set([...next.children].map(keyOf));
  for (const child of Array.from(live.children)) {
    const key = keyOf(child);
    if (key !== null && !wanted.has(key)) child.remove();
  }
}

function match(live: Element, current: ChildNode | null, wanted: ChildNode): ChildNode | null {
  const key = keyOf(wanted);
  if (key !== null) return [...live.children].find((child) => keyOf(child) === key) ?? null;
  if (current === null || current.nodeName !== wanted.nodeName || keyOf(current) !== null) return null;
  return current;
}

function keyOf(node: Node): string | null {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}
