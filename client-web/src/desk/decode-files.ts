// Reads what the console says of a client's files.

import { FILE_KINDS } from "../protocol/file.ts";
import { count, list, type Members, members, NotInTable, oneOf, string } from "./decode-values.ts";
import { type ClientFile, FILE_STATUSES, type PicturePlaces, type SoundPlace } from "./files.ts";

export function clientFile(value: unknown): ClientFile {
  const of = members(value);
  return {
    file: count(of("file")),
    kind: oneOf(FILE_KINDS, of("kind")),
    size: count(of("size")),
    came: count(of("came")),
    status: oneOf(FILE_STATUSES, of("status")),
  };
}

export function picturePlaces(of: Members): PicturePlaces {
  return { paths: list(of("paths"), picturePath), pages: count(of("pages")) };
}

export function soundPlace(of: Members): SoundPlace {
  return {
    consultation: count(of("consultation")),
    file: count(of("file")),
    path: ownPath(/^\/sound\/[0-9a-f]{32}$/, of("path")),
  };
}

function picturePath(value: unknown): string {
  return ownPath(/^\/picture\/[0-9a-f]{32}$/, value);
}

/** It is asked for by an element of the page, which is to ask nobody but the console itself. */
function ownPath(form: RegExp, value: unknown): string {
  const text = string(value);
  if (!form.test(text)) throw new NotInTable();
  return text;
}
