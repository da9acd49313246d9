import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ChatSnapshot,
  type ChatState,
  chatReducer,
  threadOf,
  withPage,
} from "../../client/chat/reducer.ts";
import {
  addPage,
  emptyThread,
  hearChange,
  hearMessage,
  longestRun,
  missingAfter,
} from "../../client/chat/thread.ts";
import type { ChatMessage, MessageChange } from "../../shared/chat/model.ts";
import type { WireEvent } from "../../shared/wire/contract.ts";

const message = (seq: number, more: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `message-${seq}`,
  channelId: "channel-1",
  seq,
  at: seq * 1_000,
  author: { residentId: "resident-2", name: "爱种菜的", door: "3-1-501" },
  text: `第 ${seq} 句`,
  state: "shown",
  rule: null,
  editedAt: null,
  version: 1,
  ...more,
});
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => message(from + n));
const change = (seq: number, more: Partial<MessageChange>): MessageChange => {
  const { at: _at, author: _author, ...rest } = message(seq);
  return { ...rest, version: 2, ...more };
};
const nobody = () => false;
const seqs = (list: readonly ChatMessage[]) => list.map(({ seq }) => seq);

describe("the run of messages on the page", () => {
  it("[CH-19] what was heard while the first page was under way is joined to it", () => {
    const heard = hearMessage(hearMessage(emptyThread, message(11)), message(12));
    expect(seqs(heard.messages)).toEqual([]);
    expect(seqs(addPage(heard, run(1, 10), nobody).messages)).toEqual(seqs(run(1, 12)));
  });

  it("[CH-19] a message blurred while its page was under way arrives blurred", () => {
    const hidden = change(5, { state: "blurred", text: null, rule: "rude" });
    const thread = addPage(hearChange(emptyThread, hidden, nobody), run(1, 10), nobody);
    expect(thread.messages[4]).toMatchObject({ state: "blurred", text: null, rule: "rude", version: 2 });
    expect(thread.changes).toEqual([]);
  });

  it("[CH-19] a page that was read before a change does not undo it", () => {
    const open = addPage(emptyThread, run(1, 10), nobody);
    const edited = hearChange(open, change(5, { text: "改过", editedAt: 9 }), nobody);
    expect(addPage(edited, run(3, 8), nobody).messages[4]).toMatchObject({ text: "改过", version: 2 });
  });

  it("[CH-19] the author and who decides keep hidden words, others lose them, rewritten ones all", () => {
    const open = addPage(emptyThread, run(1, 2), nobody);
    const blurred = change(1, { state: "blurred", text: null, rule: "rude" });
    expect(hearChange(open, blurred, nobody).messages[0]?.text).toBeNull();
    const judged = hearChange(open, blurred, () => true);
    expect(judged.messages[0]?.text).toBe("第 1 句");
    const rewritten = change(1, { state: "blurred", text: null, editedAt: 9, version: 3 });
    expect(hearChange(judged, rewritten, () => true).messages[0]?.text).toBeNull();
    const asked = addPage(
      hearChange(judged, rewritten, () => true),
      [message(1, { state: "blurred", text: "改了", editedAt: 9, version: 3 })],
      () => true,
    );
    expect(asked.messages[0]?.text).toBe("改了");
    const deleted = change(1, { state: "deleted", text: null, version: 4 });
    expect(hearChange(judged, deleted, () => true).messages[0]?.text).toBeNull();
  });

  it("[CH-20] a hole names the page that fills it, and filled it is one run", () => {
    const open = addPage(emptyThread, run(1, 10), nobody);
    const gap = hearMessage(open, message(14));
    expect(seqs(gap.messages)).toEqual(seqs(run(1, 10)));
    expect(missingAfter(gap, 14)).toBe(10);
    const filled = addPage(gap, run(11, 13), nobody);
    expect(seqs(filled.messages)).toEqual(seqs(run(1, 14)));
    expect(missingAfter(filled, 14)).toBeNull();
  });

  it("[CH-19] scrolling far lets go of the other end and finds it again", () => {
    let thread = addPage(emptyThread, run(951, 1_000), nobody);
    for (let before = 951; before > 401; before -= 50) {
      thread = addPage(thread, run(before - 50, before - 1), nobody);
    }
    expect(thread.messages).toHaveLength(longestRun);
    expect(seqs(thread.messages)[0]).toBe(401);
    expect(missingAfter(thread, 1_000)).toBe(800);
    const live = hearMessage(thread, message(1_001));
    expect(live.messages.at(-1)?.seq).toBe(800);
    let back = live;
    for (let after = 800; after < 1_000; after += 50)
      back = addPage(back, run(after + 1, after + 50), nobody);
    expect(back.messages.at(-1)?.seq).toBe(1_001);
    expect(seqs(addPage(back, run(1, 50), nobody).messages)).toEqual(seqs(run(1, 50)));
  });

  it("[CH-19] a change heard of a message that waits ahead survives the page that brings it as it was", () => {
    const page = run(1, 2);
    let thread = hearMessage(emptyThread, message(2));
    thread = addPage(thread, [], nobody);
    const {
      at: _at,
      author: _author,
      ...change
    } = { ...message(2), text: null, state: "blurred" as const, version: 2 };
    thread = addPage(hearChange(thread, change, nobody), page, nobody);
    expect(thread.messages.map(({ state }) => state)).toEqual(["shown", "blurred"]);
  });

  it("[CH-19] events and pages in any order make one run without hole or double", () => {
    // The server's history grows; pages are read at some moment and arrive at a later one; events may be lost
    // between two connections. Asking for what is missing until nothing is leads to the truth.
    const step = fc.oneof(
      fc.constant("post"),
      fc.constant("post unheard"),
      fc.constant("blur"),
      fc.constant("read"),
      fc.constant("arrive"),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.array(step, { maxLength: 80 }), (start, steps) => {
        const truth = run(1, start);
        const page = (after: number) => truth.filter(({ seq }) => seq > after).slice(0, 50);
        let thread = emptyThread;
        const underWay: (readonly ChatMessage[])[] = [truth.slice(-50)];
        for (const one of steps) {
          if (one === "post" || one === "post unheard") {
            const next = message(truth.length + 1);
            truth.push(next);
            if (one === "post") thread = hearMessage(thread, next);
          } else if (one === "blur") {
            const at = Math.floor(truth.length / 2);
            const old = truth[at];
            if (!old) continue;
            truth[at] = { ...old, text: null, state: "blurred", version: old.version + 1 };
            const { at: _at, author: _author, ...told } = truth[at];
            thread = hearChange(thread, told, nobody);
          } else if (one === "read") {
            const after = missingAfter(thread, truth.length);
            if (after !== null) underWay.push(page(after));
          } else {
            const arrived = underWay.shift();
            if (arrived) thread = addPage(thread, arrived, nobody);
          }
          expect(seqs(thread.messages)).toEqual(
            thread.messages.map((_, n) => (seqs(thread.messages)[0] ?? 0) + n),
          );
        }
        for (const arrived of underWay) thread = addPage(thread, arrived, nobody);
        for (let round = 0; round < 10; round += 1) {
          const after = missingAfter(thread, truth.length);
          if (after !== null) thread = addPage(thread, page(after), nobody);
        }
        const first = thread.messages[0]?.seq ?? 1;
        expect(thread.messages).toEqual(truth.slice(first - 1));
      }),
      { numRuns: 500 },
    );
  });
});

describe("the chat's part of the picture", () => {
  const snapshot: ChatSnapshot = {
    residentId: "resident-1",
    courtyardId: "courtyard-1",
    channels: [
      { id: "channel-1", buildingId: null, name: "", lastSeq: 10, seenSeq: 8, mayJudge: false, waiting: 0 },
      { id: "channel-2", buildingId: "b", name: "3", lastSeq: 0, seenSeq: 0, mayJudge: true, waiting: 0 },
    ],
    mute: null,
  };
  const event = (name: string, data: unknown): WireEvent => ({ seq: 1, at: 1, name, data }) as WireEvent;
  const hear = (state: ChatState, name: string, data: unknown) => chatReducer.event(state, event(name, data));

  it("[CH-20] news counts as unread, own words as seen, and marks of other devices only move forward", () => {
    const posted = hear(snapshot, "chat.message-was-posted", message(11));
    expect(posted.channels[0]).toMatchObject({ lastSeq: 11, seenSeq: 8 });
    const author = { residentId: "resident-1", name: "我", door: null };
    const own = hear(posted, "chat.message-was-posted", message(12, { author }));
    expect(own.channels[0]).toMatchObject({ lastSeq: 12, seenSeq: 12 });
    const marks = (seenSeq: number) =>
      chatReducer.signal?.(own, {
        name: "chat.marks",
        data: { channels: [{ channelId: "channel-1", lastSeq: 15, seenSeq }] },
      });
    expect(marks(4)?.channels[0]).toMatchObject({ lastSeq: 15, seenSeq: 12 });
    expect(marks(14)?.channels[0]).toMatchObject({ lastSeq: 15, seenSeq: 14 });
    expect(
      missingAfter(
        threadOf(withPage(own, "channel-1", { messages: run(1, 10), lastSeq: 10 }), "channel-1"),
        15,
      ),
    ).toBe(12);
  });

  it("[CH-16] who has sent is no longer writing, and oneself is never shown writing", () => {
    const types = (residentId: string) =>
      ({
        name: "chat.typing",
        data: { channelId: "channel-1", residentId, building: "3", until: 9 },
      }) as const;
    const typing = chatReducer.signal?.(snapshot, types("resident-2")) ?? snapshot;
    expect((typing as ChatState).typing?.["channel-1"]).toHaveLength(1);
    expect(chatReducer.signal?.(snapshot, types("resident-1"))).toBe(snapshot);
    expect(hear(typing, "chat.message-was-posted", message(11)).typing?.["channel-1"]).toEqual([]);
  });

  it("[CH-14] a mute of another courtyard is not this one's", () => {
    const mute = { until: 9, reason: "歇一下" };
    expect(hear(snapshot, "chat.mute-changed", { courtyardId: "courtyard-2", mute })).toBe(snapshot);
    const muted = hear(snapshot, "chat.mute-changed", { courtyardId: "courtyard-1", mute });
    expect(muted.mute).toEqual(mute);
    expect(hear(muted, "chat.mute-changed", { courtyardId: "courtyard-1", mute: null }).mute).toBeNull();
  });

  it("[CH-9] only who decides is told how many reports wait", () => {
    const waiting = (channelId: string) => hear(snapshot, "chat.reports-changed", { channelId, waiting: 2 });
    expect(waiting("channel-1").channels[0]?.waiting).toBe(0);
    expect(waiting("channel-2").channels[1]?.waiting).toBe(2);
  });
});
