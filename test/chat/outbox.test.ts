import { describe, expect, it } from "vitest";
import { drop, mark, nextToSend, type Outbox, put, settle } from "../../client/chat/outbox.ts";

const written = (id: string, channelId = "channel-1") => ({ id, channelId, text: id, at: 1 });
const outbox: Outbox = put(put(put([], written("a")), written("b")), written("c", "channel-2"));

describe("messages that are not sent yet", () => {
  it("[CH-22] go out one after the other in each channel", () => {
    expect(nextToSend(outbox)?.id).toBe("a");
    expect(nextToSend(mark(outbox, "a", "sending"))?.id).toBe("c");
    expect(nextToSend(mark(outbox, "a", "sent"))?.id).toBe("b");
    expect(nextToSend(mark(mark(outbox, "a", "sending"), "c", "sending"))).toBeUndefined();
  });

  it("[CH-22] stay with the reason and go again under the same id", () => {
    const failed = mark(outbox, "a", "failed", { code: "rate-limited", params: { seconds: 2 } });
    expect(failed[0]).toMatchObject({ id: "a", state: "failed", reason: { code: "rate-limited" } });
    expect(nextToSend(failed)?.id).toBe("b");
    const again = mark(failed, "a", "waiting");
    expect(again[0]).toEqual({ ...written("a"), state: "waiting" });
    expect(drop(again, "a").map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("[CH-22] leave when they are seen in the channel", () => {
    expect(settle(outbox, new Set(["b"])).map(({ id }) => id)).toEqual(["a", "c"]);
    expect(settle(outbox, new Set(["x"]))).toBe(outbox);
  });
});
