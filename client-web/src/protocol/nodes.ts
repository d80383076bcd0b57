// The relay processes of one service, and at which of them two ends look for each other first. Mirrors
// docs/protocol.md section 6, "Nodes". Read strictly: it comes unsigned from the network.

import { type Bytes, encodeUtf8, toHex } from "./bytes.ts";
import { hash } from "./hash.ts";
import { labelled } from "./labels.ts";

const DIRECTORY_MAX_BYTES = 16_384;
const NODES_MAX = 64;
const SCORE_SIZE = 8;

const NAME = /^[a-z0-9-]{1,16}$/;
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::([1-9][0-9]{0,4}))?$/;
const ORIGIN_MAX_LENGTH = 255;
const PORT_MAX = 65_535;

export interface Node {
  /** Empty when it is the only one. */
  readonly name: string;
  /** Nothing, or a path of the origin that the directory came from, or an origin of its own. */
  readonly at: string;
  /** For those who come by way of Tor. */
  readonly onion?: string;
}

/** One relay alone: what holds while nothing else is known. */
export const ALONE: readonly Node[] = [{ name: "", at: "" }];

/** `undefined` for whatever is not exactly a directory. */
export function readDirectory(text: string): readonly Node[] | undefined {
  if (encodedLength(text) > DIRECTORY_MAX_BYTES) return undefined;
  let nodes: unknown;
  try {
    nodes = (JSON.parse(text) as { nodes?: unknown } | null)?.nodes;
  } catch {
    return undefined;
  }
  if (!Array.isArray(nodes) || nodes.length === 0 || nodes.length > NODES_MAX) return undefined;
  const isAlone = nodes.length === 1;
  const areGood = nodes.every(
    (node: unknown, i) => isNode(node, isAlone) && (i === 0 || nodes[i - 1].name < node.name),
  );
  return areGood ? nodes : undefined;
}

/** The nodes in the order of a route: the same for whoever has the same nodes. */
export function inOrderOf(route: Bytes, nodes: readonly Node[]): readonly Node[] {
  const scored = nodes.map((node) => ({ node, score: score(route, node.name) }));
  const precedes = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  scored.sort((a, b) => precedes(b.score, a.score) || precedes(a.node.name, b.node.name));
  return scored.map(({ node }) => node);
}

/** In hex, of which all have the same length: so as text they compare like numbers. */
function score(route: Bytes, name: string): string {
  return toHex(hash(labelled("node", route, encodeUtf8(name))).subarray(0, SCORE_SIZE));
}

function isNode(value: unknown, isAlone: boolean): value is Node {
  const { name, at, onion } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || typeof at !== "string") return false;
  const isPlaced =
    isAlone && name === "" ? at === "" : NAME.test(name) && (at === `/n/${name}` || isOrigin(at));
  return isPlaced && (onion === undefined || onion === null || isOnion(onion));
}

function isOrigin(text: string): boolean {
  const port = ORIGIN.exec(text)?.[1] ?? "1";
  return ORIGIN.test(text) && text.length <= ORIGIN_MAX_LENGTH && Number(port) <= PORT_MAX;
}

function isOnion(value: unknown): boolean {
  return typeof value === "string" && isOrigin(value) && /\.onion(?::[0-9]+)?$/.test(value);
}

function encodedLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
