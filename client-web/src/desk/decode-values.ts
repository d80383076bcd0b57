// Small readers that decode.ts and decode-content.ts are made of: each takes one kind of value and refuses the rest.

/** What was read is not in docs/desk-page.md. */
export class NotInTable extends Error {}

export type Members = (name: string) => unknown;

export function members(value: unknown): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotInTable();
  return (name) => {
    if (!Object.hasOwn(value, name)) throw new NotInTable();
    const member: unknown = Reflect.get(value, name);
    return member;
  };
}

export function string(value: unknown): string {
  if (typeof value !== "string") throw new NotInTable();
  return value;
}

export function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw new NotInTable();
  return value;
}

export function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new NotInTable();
  return value;
}

export function hex(value: unknown): string {
  const text = string(value);
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) throw new NotInTable();
  return text;
}

export function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name {
  const found = names.find((name) => name === value);
  if (found === undefined) throw new NotInTable();
  return found;
}

export function list<Item>(value: unknown, read: (item: unknown) => Item): readonly Item[] {
  if (!Array.isArray(value)) throw new NotInTable();
  return value.map((item: unknown) => read(item));
}

export function orNull<Item>(value: unknown, read: (item: unknown) => Item): Item | null {
  return value === null ? null : read(value);
}

/** The name of something that the service itself names: an entry of its pack, a label. */
export function name(value: unknown): string {
  const text = string(value);
  if (!/^[a-z0-9_-]{1,40}$/.test(text)) throw new NotInTable();
  return text;
}

/** Something for each of several names. */
export function named<Item>(value: unknown, read: (item: unknown) => Item): Readonly<Record<string, Item>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotInTable();
  const items = Object.entries(value).map(
    ([key, item]: [string, unknown]) => [name(key), read(item)] as const,
  );
  return Object.fromEntries(items);
}
