// Colour spaces (ISO 32000-1, 8.6). A profile names devices and holds texts, so the device's own space, which every
// viewer shows as the usual one, takes its place.

import { CleanError, check } from "./errors.ts";
import { latin1 } from "./input.ts";
import type { Dropped } from "./pdf-dropped.ts";
import type { PdfFile } from "./pdf-file.ts";
import type { ShapeName } from "./pdf-shapes.ts";
import { isArray, Name, nameOf, Stream, type Value } from "./pdf-values.ts";

type Copy = (value: Value, shape: ShapeName) => Value | undefined;

const BY_CHANNELS: Readonly<Record<number, string | undefined>> = {
  1: "DeviceGray",
  3: "DeviceRGB",
  4: "DeviceCMYK",
};
const PROFILE_SPACE_AT = 16;
const PROFILE_SPACES = ["GRAY", "RGB ", "CMYK"];

export function copyColour(space: Value, file: PdfFile, dropped: Dropped, copy: Copy): Value | undefined {
  if (space instanceof Name) return space;
  if (!isArray(space) || space.length === 0) return undefined;
  const [kind, ...rest] = space;
  const name = file.resolve(kind);
  const [first = null, second = null, third = null] = rest;
  switch (nameOf(name)) {
    case "ICCBased":
      return profile(file.resolve(first), file, dropped);
    case "CalGray":
    case "CalRGB":
    case "Lab":
      return [name, copy(file.resolve(first), "Calibrated") ?? null];
    case "Indexed":
    case "I":
      return [name, copy(first, "Colour") ?? null, copy(second, "Plain") ?? null, lookup(third, file, copy)];
    case "Separation":
    case "DeviceN":
      return [
        name,
        copy(first, "Plain") ?? null,
        copy(second, "Colour") ?? null,
        copy(third, "Function") ?? null,
      ];
    case "Pattern":
      return rest.length === 0 ? name : [name, copy(first, "Colour") ?? null];
    default:
      return name instanceof Name ? name : undefined;
  }
}

function lookup(value: Value, file: PdfFile, copy: Copy): Value {
  return (file.resolve(value) instanceof Stream ? copy(value, "Table") : copy(value, "Text")) ?? null;
}

function profile(stream: Value, file: PdfFile, dropped: Dropped): Value {
  check(stream instanceof Stream);
  dropped.report.add("profile");
  const header = file.unpackFully(stream).subarray(PROFILE_SPACE_AT, PROFILE_SPACE_AT + 4);
  // A profile of another space, such as Lab, has no device's space that looks alike.
  if (header.length === 4 && !PROFILE_SPACES.includes(latin1(header))) throw new CleanError("unsupported");
  const channels = file.resolve(stream.dict.get("N"));
  const device = typeof channels === "number" ? BY_CHANNELS[channels] : undefined;
  check(device !== undefined);
  return new Name(device);
}
