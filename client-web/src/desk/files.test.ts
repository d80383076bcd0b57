import { describe, expect, it } from "vitest";
import { sizeOf } from "../shared/size.ts";
import type { Look } from "./files.ts";
import { percentOf } from "./format.ts";
import { toneFor } from "./heard.ts";
import type { PageMessage } from "./messages.ts";
import { type DeskState, find } from "./model.ts";
import { type Hands, perform } from "./perform.ts";
import { showPictures, showSound } from "./perform-files.ts";
import { SAMPLE_NOW, said, sampleConsultation } from "./samples.ts";
import { sampleFile, sampleFileMessage } from "./samples-files.ts";
import { type DeskEvent, reduce } from "./state.ts";
import { play, snapshot, talking, told } from "./testing.ts";

const paths = ["a", "b"].map((digit) => `/picture/${digit.repeat(32)}`);
const offered = comes(7, 3);
const here = isNow(7, 3, "here");
const pictures = come(paths, 43);
const locked = told({ type: "locked", locked: true, wrong_passphrase: false, wait_seconds: 0 });
const open: DeskEvent = { type: "panel", panel: "pictures" };
const asked: DeskEvent = { type: "look_asked", consultation: 1, file: 3, kind: "pdf", since: SAMPLE_NOW };

describe("a file of the client's", () => {
  it("is new like a text, and heard like one", () => {
    expect(find(play(talking(), offered), 1)?.unread).toBe(0);
    const away = play(talking(), { type: "turn", consultation: null });
    const state = play(away, offered);
    expect(find(state, 1)?.unread).toBe(1);
    expect(toneFor(away, state)).toBe("message");
    const muted = told({ type: "consultation", consultation: sampleConsultation(1, { muted: true }) });
    expect(toneFor(play(away, muted), play(away, muted, offered))).toBeNull();
  });

  it("is new once, however far it comes", () => {
    const away = play(talking(), { type: "turn", consultation: null }, offered);
    for (const status of ["coming", "here", "refused", "withdrawn", "gone"] as const) {
      const state = play(away, isNow(7, 3, status));
      expect(find(state, 1)).toMatchObject({ unread: 1, messages: [{ kind: "file", file: { status } }] });
      expect(toneFor(away, state)).toBeNull();
    }
  });

  it("changes only its own message", () => {
    const text = told({ type: "message", consultation: 1, message: said(8, "client", "?", 0) });
    const own = told({ type: "message", consultation: 1, message: said(7, "worker", "!", 0) });
    const state = play(talking(), offered, text, own, comes(9, 4));
    const changed = play(state, here);
    expect(find(changed, 1)?.messages.map(({ file }) => file?.status)).toEqual([
      "here",
      undefined,
      undefined,
      "offered",
    ]);
    // No message of this number, a text, another file, another consultation.
    expect(find(play(state, isNow(6, 3, "here"), isNow(8, 3, "here"), isNow(7, 4, "here")), 1)).toBe(
      find(state, 1),
    );
    const elsewhere = told({ type: "file", consultation: 2, message: 7, file: sampleFile(3, "here") });
    expect(find(play(state, elsewhere), 1)).toBe(find(state, 1));
  });

  it("is as the console says after a break", () => {
    const held = { ...sampleConsultation(1), messages: [sampleFileMessage(7, sampleFile(3, "here"), 0)] };
    const state = play(talking(), offered, told({ ...snapshot(), consultations: [held] }));
    expect(find(state, 1)).toMatchObject({ unread: 0, messages: [{ file: { status: "here" } }] });
  });

  it("has a size and a share in figures of the language", () => {
    expect([0, 999, 84_000, 2_345_678].map((bytes) => sizeOf("en", bytes))).toEqual([
      "1\u00a0kB",
      "1\u00a0kB",
      "84\u00a0kB",
      "2.3\u00a0MB",
    ]);
    expect(sizeOf("ru", 2_345_678)).toBe("2,3\u00a0МБ");
    expect([0, 999, 1_000, 2_000].map((came) => percentOf("en", came, 1_000))).toEqual([
      "0%",
      "99%",
      "100%",
      "100%",
    ]);
    expect(percentOf("en", 0, 0)).toBe("0%");
  });
});

describe("looking at a file", () => {
  const looking = play(talking(), offered, here, asked, pictures, open);

  it("shows what the console has made of it, to whoever asked", () => {
    expect(lookOf(looking)?.pictures).toEqual({ paths, pages: 43 });
    expect(lookOf(play(talking(), offered, here, pictures))).toBeNull();
    const other = told({ type: "pictures", consultation: 1, file: 4, paths, pages: 1 });
    expect(lookOf(play(talking(), offered, here, asked, other))?.pictures).toBeNull();
    expect(lookOf(play(looking, come([], 0)))).toBe(lookOf(looking));
  });

  it("asks for nothing again when anything else changes", () => {
    const later = play(
      looking,
      { type: "tick", now: SAMPLE_NOW + 200 },
      { type: "language", language: "ar" },
      { type: "picture_size", path: paths[1] ?? "" },
      isNow(7, 3, "gone"),
    );
    expect(lookOf(later)?.pictures).toBe(lookOf(looking)?.pictures);
    expect(lookOf(later)?.inOwnSize).toEqual([paths[1]]);
    expect(lookOf(play(later, { type: "picture_size", path: paths[1] ?? "" }))?.inOwnSize).toEqual([]);
  });

  it("remembers which picture could not be loaded", () => {
    const failed: DeskEvent = { type: "picture_failed", path: paths[0] ?? "" };
    expect(lookOf(play(looking, failed))?.failed).toEqual([paths[0]]);
    expect(lookOf(play(talking(), failed))).toBeNull();
  });

  it.each<readonly [string, DeskEvent]>([
    ["it is closed", { type: "panel", panel: null }],
    ["something else lies over the desk", { type: "panel", panel: "help" }],
    ["the desk is locked", locked],
    ["the consultation is forgotten", told({ type: "forgotten", consultation: 1 })],
    ["the console does not answer", { type: "connection", connection: "reconnecting" }],
    ["the console was closed", { type: "connection", connection: "gone" }],
    ["the console tells everything anew", told(snapshot())],
  ])("leaves nothing when %s", (_, event) => {
    const { tools } = play(looking, event);
    expect(tools.look).toBeNull();
    expect(tools.panel).not.toBe("pictures");
    // What still came on its way changes nothing of that.
    expect(lookOf(play(looking, event, pictures))).toBeNull();
  });

  it("goes on when another consultation is forgotten, or this one ends", () => {
    const ended = sampleConsultation(1, { status: "ended", ended: "client" });
    const state = play(
      looking,
      told({ type: "forgotten", consultation: 2 }),
      told({ type: "consultation", consultation: ended }),
    );
    expect(state.tools).toMatchObject({ panel: "pictures", look: { file: 3 } });
  });

  it.each(["file_not_shown", "no_viewer"] as const)("is over before it began with %s", (notice) => {
    const state = play(talking(), offered, here, asked, told({ type: "notice", notice }));
    expect(lookOf(state)).toBeNull();
    expect(state.notices).toEqual([notice]);
    expect(lookOf(play(looking, told({ type: "notice", notice })))).toBe(lookOf(looking));
  });

  it("may be asked for again when the console is silent", () => {
    const state = play(talking(), offered, here, asked);
    expect(lookOf(play(state, { type: "tick", now: SAMPLE_NOW + 59 }))).not.toBeNull();
    expect(lookOf(play(state, { type: "tick", now: SAMPLE_NOW + 60 }))).toBeNull();
    expect(lookOf(play(looking, { type: "tick", now: SAMPLE_NOW + 600 }))).not.toBeNull();
  });
});

describe("a press", () => {
  it("says yes and no to the console, and goes on in the field", () => {
    for (const type of ["accept_file", "refuse_file"] as const) {
      const { hands, sent, focused } = at(play(talking(), offered));
      perform(hands, { type, consultation: 1, file: 3 });
      expect(sent).toEqual([{ type, consultation: 1, file: 3 }]);
      expect(focused).toEqual(["composer"]);
    }
  });

  it("looks once, until the console has answered", () => {
    const { hands, sent } = at(play(talking(), offered, here, comes(9, 4)));
    perform(hands, { type: "look_at_file", consultation: 1, file: 3 });
    perform(hands, { type: "look_at_file", consultation: 1, file: 3 });
    perform(hands, { type: "look_at_file", consultation: 1, file: 4 });
    expect(sent).toEqual([{ type: "look_at_file", consultation: 1, file: 3 }]);
    expect(lookOf(hands.state())).toMatchObject({ file: 3, kind: "jpeg", pictures: null });
  });

  it("looks at nothing that is not there, and waits for nothing that was not asked", () => {
    const { hands, sent } = at(play(talking(), offered));
    perform(hands, { type: "look_at_file", consultation: 1, file: 5 });
    perform(hands, { type: "look_at_file", consultation: 2, file: 3 });
    expect(sent).toEqual([]);
    const broken = at(play(talking(), offered, here), false);
    perform(broken.hands, { type: "look_at_file", consultation: 1, file: 3 });
    expect(lookOf(broken.hands.state())).toBeNull();
  });
});

describe("closing", () => {
  it("goes to the conversation where the button of the file is no longer there", () => {
    const { hands, focused } = at(play(talking(), offered, here, asked, pictures, open));
    perform(hands, { type: "close_panel" });
    expect(focused).toEqual(["log"]);
    const other = at(play(talking(), offered, here, asked, { type: "panel", panel: "help" }));
    perform(other.hands, { type: "close_panel" });
    expect(other.focused).toEqual([]);
  });
});

describe("pictures that have come", () => {
  const arrived = play(talking(), offered, here, asked, pictures);

  it("are shown to whoever waits for them", () => {
    const { hands } = at(arrived);
    showPictures(hands, false);
    expect(hands.state().tools.panel).toBe("pictures");
  });

  it.each<readonly [string, boolean, readonly DeskEvent[]]>([
    ["is writing", true, []],
    ["is with somebody else", false, [{ type: "turn", consultation: null }]],
    ["has opened something over the desk", false, [{ type: "panel", panel: "shift" }]],
  ])("wait while the worker %s, until they are pressed for", (_, isWriting, events) => {
    const { hands, sent } = at(play(arrived, ...events));
    const before = hands.state().tools.panel;
    showPictures(hands, isWriting);
    expect(hands.state().tools.panel).toBe(before);
    hands.dispatch({ type: "panel", panel: null });
    perform(hands, { type: "look_at_file", consultation: 1, file: 3 });
    expect(hands.state().tools).toMatchObject({ panel: "pictures", look: { pictures: { paths } } });
    expect(sent).toEqual([]);
  });
});

describe("a voice note", () => {
  const path = `/sound/${"a".repeat(32)}`;
  const askedToListen: DeskEvent = { ...asked, kind: "voice" };
  const sound = told({ type: "sound", consultation: 1, file: 3, path });
  const heard = play(talking(), offered, here, askedToListen, sound);

  it("that has come has its place until the worker looks at something else", () => {
    expect(lookOf(heard)).toMatchObject({ sound: path, pictures: null });
    expect(lookOf(play(heard, sound))).toBe(lookOf(heard));
    expect(lookOf(play(heard, pictures))).toBe(lookOf(heard));
    expect(lookOf(play(heard, { ...asked, file: 4 }))).toMatchObject({ file: 4, sound: null });
    expect(lookOf(play(talking(), offered, here, sound))).toBeNull();
    expect(lookOf(play(heard, locked))).toBeNull();
    expect(lookOf(play(heard, told({ type: "forgotten", consultation: 1 })))).toBeNull();
    expect(lookOf(play(heard, { type: "tick", now: SAMPLE_NOW + 600 }))?.sound).toBe(path);
  });

  it("is within reach of whoever waits for it, over nothing else", () => {
    const { hands, focused } = at(heard);
    showSound(hands, true);
    expect(focused).toEqual([]);
    showSound(hands, false);
    expect(focused).toEqual(["file-sound"]);
    expect(hands.state().tools.panel).toBeNull();
    const elsewhere = at(play(heard, { type: "turn", consultation: null }));
    showSound(elsewhere.hands, false);
    expect(elsewhere.focused).toEqual([]);
  });

  it("that could not be loaded can be asked for again", () => {
    const { hands, sent } = at(play(heard, { type: "sound_failed" }));
    perform(hands, { type: "look_at_file", consultation: 1, file: 3 });
    expect(sent).toEqual([{ type: "look_at_file", consultation: 1, file: 3 }]);
  });
});

function come(these: readonly string[], pages: number): DeskEvent {
  return told({ type: "pictures", consultation: 1, file: 3, paths: these, pages });
}

function comes(number: number, file: number): DeskEvent {
  const message = sampleFileMessage(number, sampleFile(file, "offered"), SAMPLE_NOW);
  return told({ type: "message", consultation: 1, message });
}

function isNow(message: number, file: number, status: Parameters<typeof sampleFile>[1]): DeskEvent {
  return told({ type: "file", consultation: 1, message, file: sampleFile(file, status) });
}

function lookOf({ tools }: DeskState): Look | null {
  return tools.look;
}

/** A desk with a console that takes everything, or nothing. */
function at(
  from: DeskState,
  connected = true,
): { readonly hands: Hands; readonly sent: PageMessage[]; readonly focused: string[] } {
  let state = from;
  const [sent, focused]: [PageMessage[], string[]] = [[], []];
  const nothing = (): void => undefined;
  const hands: Hands = {
    state: () => state,
    dispatch: (event) => {
      state = reduce(state, event);
    },
    socket: {
      send: (message) => {
        if (connected) sent.push(message);
        return connected;
      },
      leave: nothing,
      retry: nothing,
    },
    screen: {
      focus: (hook) => focused.push(hook),
      focusBack: () => false,
      followLog: nothing,
      keepPlace: (_, change) => change(),
      rememberFocus: nothing,
      select: nothing,
      takePassphrase: () => "",
    },
  };
  return { hands, sent, focused };
}
