// Everything outside the visit that it needs, as an argument, so that tests can bring their own.

import type { Random } from "../protocol/handshake.ts";
import type { Node } from "../protocol/nodes.ts";
import type { Language } from "../shared/text.ts";
import type { State } from "./consultation.ts";
import type { CleanOutcome } from "./file.ts";
import type { InApp } from "./in-app.ts";
import type { Reading } from "./reading.ts";
import type { CardOutcome } from "./service.ts";
import type { Socket, SocketListener } from "./socket.ts";
import type { Record } from "./voice.ts";

export interface World {
  /** The relay's, to which both ends of the consultation are bound. */
  readonly origin: string;
  /** Where links are opened. */
  readonly pageOrigin: string;
  /** The relay did not serve this page, and may not take it. */
  readonly isApart: boolean;
  /** The browser belongs to another app. */
  readonly inApp: InApp | undefined;
  readonly random: Random;
  /** From 0 up to 1, for what need not be secret. */
  chance(): number;
  /** As soon as the page has seen to what else there is: presses, messages, the picture. */
  soon(act: () => void): void;
  /** The device's clock. */
  nowMilliseconds(): number;
  /** Since any fixed moment; goes on while the device sleeps, and never back. */
  elapsedMilliseconds(): number;
  /** Whether the browser thinks that there is a network. It may be wrong either way. */
  isOnline(): boolean;
  /** Whether the person told the browser to save data. */
  savesData(): boolean;
  fetchCard(authority: Uint8Array): Promise<CardOutcome>;
  fetchLeaflets(authority: Uint8Array, language: Language): Promise<Reading>;
  /** What is left of a file without what it says of the person and the device. */
  clean(file: Blob): Promise<CleanOutcome>;
  /** The microphone; missing where the browser cannot record. */
  readonly record: Record | undefined;
  /** All who serve here now; `undefined` when nobody says. */
  fetchNodes(): Promise<readonly Node[] | undefined>;
  /** At a path of the relay's origin, or an address that has an origin of its own. */
  openSocket(address: string, listener: SocketListener): Socket;
  /** From now on no socket says a word, nor that it ends. */
  hush(): void;
  /** A fragment, or nothing. */
  putInAddressBar(fragment: string): void;
  show(state: State): void;
}
