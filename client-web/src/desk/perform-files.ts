// Does what a client's file is pressed for: lets it come or not, and looks at it.

import type { OnFile } from "./actions.ts";
import { fileOf, isLookAt, isOpening } from "./files.ts";
import { type DeskState, find } from "./model.ts";
import type { Hands } from "./perform.ts";
import { openPanel } from "./perform-tools.ts";

export function performOnFile(hands: Hands, { type, consultation, file }: OnFile): void {
  const { socket, screen } = hands;
  switch (type) {
    case "accept_file":
    case "refuse_file":
      // What was pressed goes away with the console's answer; the worker goes on talking.
      if (socket.send({ type, consultation, file })) screen.focus("composer", consultation);
      break;
    case "look_at_file":
      look(hands, consultation, file);
      break;
  }
}

function look(hands: Hands, consultation: number, file: number): void {
  const { state, dispatch, socket } = hands;
  const { tools, now } = state();
  if (isOpening(tools.look)) return;
  // They came while the worker was at something else.
  if (isLookAt(tools.look, consultation, file)) {
    if (tools.look?.sound === null) openPanel(hands, "pictures");
    return;
  }
  const kind = fileOf(find(state(), consultation)?.messages ?? [], file)?.kind;
  if (kind === undefined || !socket.send({ type: "look_at_file", consultation, file })) return;
  dispatch({ type: "look_asked", consultation, file, kind, since: now });
}

/**
 * Pictures have come. They are shown at once to a worker who still waits for them: nothing that arrives lies over
 * another consultation, or takes a field away from under a word. Then the button says that they are there.
 */
export function showPictures(hands: Hands, isWriting: boolean): void {
  if (!isWriting && canShow(hands.state())) openPanel(hands, "pictures");
}

/** A sound has come: it is in the keyboard's reach of who waits for it, and is not played. */
export function showSound(hands: Hands, isWriting: boolean): void {
  const { look } = hands.state().tools;
  if (look?.sound && !isWriting && canShow(hands.state()))
    hands.screen.focus("file-sound", look.consultation);
}

function canShow({ tools, selected }: DeskState): boolean {
  const { look, panel } = tools;
  return look !== null && !isOpening(look) && panel === null && look.consultation === selected;
}
