// What is going to happen, earliest first: a binary heap. Of two things at one time, what was planned first.

interface Entry<Event> {
  readonly at: number;
  readonly order: number;
  readonly event: Event;
}

export class Agenda<Event> {
  readonly #heap: Entry<Event>[] = [];
  #planned = 0;

  plan(at: number, event: Event): void {
    const entry = { at, order: this.#planned, event };
    this.#planned += 1;
    let place = this.#heap.length;
    this.#heap.push(entry);
    for (;;) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || isBefore(above, entry)) return;
      this.#heap[place] = above;
      this.#heap[parent] = entry;
      place = parent;
    }
  }

  next(): Entry<Event> {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) throw new Error("something is always planned");
    if (last !== first) this.#sink(last);
    return first;
  }

  /** Takes the first place, and goes down to its own. */
  #sink(entry: Entry<Event>): void {
    let place = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * place + 1], this.#heap[2 * place + 2]];
      const isLeft = right === undefined || (left !== undefined && isBefore(left, right));
      const below = isLeft ? left : right;
      if (below === undefined || isBefore(entry, below)) break;
      this.#heap[place] = below;
      place = 2 * place + (isLeft ? 1 : 2);
    }
    this.#heap[place] = entry;
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
