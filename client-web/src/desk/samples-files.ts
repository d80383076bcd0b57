// Named states of the desk with files of a client's, for the gallery and for tests. The pictures are drawn here.

import type { ClientFile, FileStatus, Look } from "./files.ts";
import type { Message } from "./messages.ts";
import type { DeskState } from "./model.ts";

export function sampleFile(file: number, status: FileStatus, members: Partial<ClientFile> = {}): ClientFile {
  const size = 2_345_678;
  const came = { offered: 0, coming: 1_060_000, here: size, refused: 0, withdrawn: 400_000, gone: size };
  return { file, kind: "jpeg", size, came: came[status], status, ...members };
}

export function sampleFileMessage(number: number, file: ClientFile, at: number): Message {
  return { number, from: "client", kind: "file", text: "", card: null, file, at, delivered: true };
}

/** What each sample changes in a desk with a few consultations. */
export const fileSamples: Readonly<Record<string, (desk: DeskState) => DeskState>> = {
  file_offered: (desk) =>
    withFiles(desk, sampleFile(1, "offered"), sampleFile(2, "offered", { kind: "pdf", size: 84_000 })),
  file_offered_reconnecting: (desk) => ({
    ...withFiles(desk, sampleFile(1, "offered")),
    connection: "reconnecting",
  }),
  file_coming: (desk) =>
    withFiles(desk, sampleFile(1, "coming"), sampleFile(2, "coming", { kind: "pdf", came: 0 })),
  file_here: (desk) => withFiles(desk, sampleFile(1, "here"), sampleFile(2, "here", { kind: "png" })),
  file_opening: (desk) =>
    withLook(
      withFiles(desk, sampleFile(1, "here"), sampleFile(2, "here", { kind: "pdf" })),
      sampleLook(desk, { pictures: null }),
    ),
  file_opened: (desk) => withLook(withFiles(desk, sampleFile(1, "here")), sampleLook(desk, {})),
  file_refused: (desk) =>
    withFiles(desk, sampleFile(1, "refused"), sampleFile(2, "refused", { kind: "pdf" })),
  file_withdrawn: (desk) =>
    withFiles(desk, sampleFile(1, "withdrawn"), sampleFile(2, "withdrawn", { kind: "webp" })),
  file_gone: (desk) => withFiles(desk, sampleFile(1, "gone"), sampleFile(2, "gone", { kind: "pdf" })),
  file_not_shown: (desk) => ({
    ...withFiles(desk, sampleFile(1, "here")),
    notices: ["file_not_shown"],
  }),
  file_no_viewer: (desk) => ({ ...withFiles(desk, sampleFile(1, "here")), notices: ["no_viewer"] }),
  voice_offered: (desk) => withFiles(desk, sampleVoice("offered")),
  voice_coming: (desk) => withFiles(desk, sampleVoice("coming")),
  voice_here: (desk) => withFiles(desk, sampleVoice("here")),
  voice_opened: (desk) =>
    withLook(
      withFiles(desk, sampleVoice("here")),
      sampleLook(desk, { kind: "voice", pictures: null, sound: SILENCE }),
    ),
  voice_gone: (desk) => withFiles(desk, sampleVoice("gone"), sampleFile(2, "refused", { kind: "voice" })),
  panel_pictures: (desk) => withPanel(desk, sampleLook(desk, {})),
  panel_pictures_own_size: (desk) => withPanel(desk, sampleLook(desk, { inOwnSize: [wide] })),
  panel_pictures_pages: (desk) =>
    withPanel(
      desk,
      sampleLook(desk, {
        kind: "pdf",
        pictures: { paths: [drawn(1, 720, 1_018), drawn(2, 720, 1_018), drawn(3, 720, 1_018)], pages: 43 },
        failed: [drawn(2, 720, 1_018)],
      }),
    ),
};

/** Of 23 seconds. */
function sampleVoice(status: FileStatus): ClientFile {
  return sampleFile(1, status, { kind: "voice", size: 184_000, came: 90_000 });
}

/** Some milliseconds in which nothing is heard. */
const SILENCE =
  "data:audio/wav;base64,UklGRjgAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YRQAAACAgICAgICAgICAgICAgICAgICAgA==";

/** A sheet of paper with a name, a frame and a cross, so that one sees where it ends. */
function drawn(name: number, width: number, height: number): string {
  const [right, below] = [width - 8, height - 8];
  const lines = `M8 8H${right}V${below}H8ZM8 8L${right} ${below}M${right} 8L8 ${below}`;
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<path fill="none" stroke="#888" stroke-width="4" d="${lines}"/>` +
    `<text x="24" y="72" font-size="48" fill="#444">${name}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}

const wide = drawn(1, 1_600, 900);

function sampleLook({ now }: DeskState, members: Partial<Look>): Look {
  return {
    consultation: 1,
    file: 1,
    kind: "jpeg",
    since: now,
    pictures: { paths: [wide], pages: 1 },
    sound: null,
    failed: [],
    inOwnSize: [],
    ...members,
  };
}

/** After what was said in the first consultation. */
function withFiles(desk: DeskState, ...files: readonly ClientFile[]): DeskState {
  const messages = files.map((file, index) => sampleFileMessage(100 + index, file, desk.now - 60 + index));
  const conversations = desk.conversations.map((it, index) =>
    index === 0 ? { ...it, messages: [...it.messages.slice(0, 2), ...messages] } : it,
  );
  return { ...desk, conversations };
}

function withLook(desk: DeskState, look: Look): DeskState {
  return { ...desk, tools: { ...desk.tools, look } };
}

function withPanel(desk: DeskState, look: Look): DeskState {
  const { kind } = look;
  const shown = withLook(withFiles(desk, sampleFile(1, "here", { kind })), look);
  return { ...shown, tools: { ...shown.tools, panel: "pictures" } };
}
