// Photographs, documents and voice notes that a client sends: what the console tells of them (docs/desk-page.md), and which one the
// worker looks at. Pure: no DOM, no socket, no clock.

import type { FileKind } from "../protocol/file.ts";
import type { Message } from "./messages.ts";

export const FILE_STATUSES = ["offered", "coming", "here", "refused", "withdrawn", "gone"] as const;

export type FileStatus = (typeof FILE_STATUSES)[number];

export interface ClientFile {
  readonly file: number;
  readonly kind: FileKind;
  /** In bytes, and how many of them have come. */
  readonly size: number;
  readonly came: number;
  readonly status: FileStatus;
}

/** Where the pictures are that the console has made of a file. Each can be asked for once. */
export interface PicturePlaces {
  readonly paths: readonly string[];
  /** How many pages a document has in all. */
  readonly pages: number;
}

export interface SoundPlace {
  readonly consultation: number;
  readonly file: number;
  /** It can be asked for until the worker looks at something else. */
  readonly path: string;
}

/** What the worker looks at, or has asked to. */
export interface Look {
  readonly consultation: number;
  readonly file: number;
  readonly kind: FileKind;
  readonly since: number;
  /** Null until the console has answered, one of both ever after. */
  readonly pictures: PicturePlaces | null;
  /** Where the sound of a voice note is, instead of pictures. */
  readonly sound: string | null;
  /** Of the paths: pictures that could not be loaded, and those that are shown in their own size. */
  readonly failed: readonly string[];
  readonly inOwnSize: readonly string[];
}

/**
 * The console decodes one file at a time, and does not answer whoever asks meanwhile, from another page perhaps. After
 * so long the worker may press again.
 */
const LOOK_SECONDS_MAX = 60;

/** What a file is to the worker: cameras write JPEG, and what is copied from a screen is mostly PNG. */
export function sortOf(kind: FileKind): "photograph" | "picture" | "document" | "voice" {
  switch (kind) {
    case "jpeg":
      return "photograph";
    case "png":
    case "webp":
      return "picture";
    case "pdf":
      return "document";
    case "voice":
      return "voice";
  }
}

/** Whether the console has been asked to open a file and has not answered. */
export function isOpening(look: Look | null): boolean {
  return look !== null && look.pictures === null && look.sound === null;
}

export function isLookAt(look: Look | null, consultation: number, file: number): boolean {
  return look?.consultation === consultation && look.file === file;
}

/** How far a file is. What is said of a message that is no file, or is not there, changes nothing. */
export function withFile<Of extends { readonly messages: readonly Message[] }>(
  talk: Of,
  number: number,
  file: ClientFile,
): Of {
  const isMeant = (it: Message): boolean =>
    it.from === "client" && it.number === number && it.file?.file === file.file;
  if (!talk.messages.some(isMeant)) return talk;
  return { ...talk, messages: talk.messages.map((it) => (isMeant(it) ? { ...it, file } : it)) };
}

export function fileOf(messages: readonly Message[], file: number): ClientFile | null {
  return messages.find((it) => it.file?.file === file)?.file ?? null;
}

/** The console's answer, if it is about what was asked for. */
export function withPictures(
  look: Look | null,
  consultation: number,
  file: number,
  { paths, pages }: PicturePlaces,
): Look | null {
  if (look === null || !isOpening(look) || !isLookAt(look, consultation, file)) return look;
  return { ...look, pictures: { paths, pages } };
}

/** The same for a voice note. */
export function withSound(look: Look | null, { consultation, file, path }: SoundPlace): Look | null {
  if (look === null || !isOpening(look) || !isLookAt(look, consultation, file)) return look;
  return { ...look, sound: path };
}

/** Null where the console has been silent for too long. */
export function stillAsked(look: Look | null, now: number): Look | null {
  return look !== null && isOpening(look) && now - look.since >= LOOK_SECONDS_MAX ? null : look;
}
