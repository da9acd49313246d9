const keyOf = (residentId: string, channelId: string): string => `yuanba.draft.${residentId}.${channelId}`;

/** What was being written in this channel on this device. */
export function readDraft(residentId: string, channelId: string): string {
  try {
    return localStorage.getItem(keyOf(residentId, channelId)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps a draft with every keystroke, so that a closed tab loses nothing. */
export function keepDraft(residentId: string, channelId: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(keyOf(residentId, channelId));
    else localStorage.setItem(keyOf(residentId, channelId), text);
  } catch {
    // Storage is forbidden: the draft lasts as long as the page.
  }
}
