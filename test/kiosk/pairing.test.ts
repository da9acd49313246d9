import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPairedScreen, addPairing, claimPairing, confirmPairing } from "../../server/kiosk/pairings.ts";
import { kioskLimits } from "../../shared/kiosk/model.ts";
import { refusal } from "../identity/world.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { type Gate, openGate } from "./gate.ts";

describe.each(dialects)("pairing a screen on $name", ({ open }) => {
  let opened: OpenedStorage;
  let gate: Gate;
  beforeAll(async () => {
    opened = await open();
    gate = await openGate(opened.storage);
  });
  afterAll(async () => {
    await gate?.close();
    await opened?.close();
  });

  const begin = () => gate.storage.write((tx) => addPairing(tx, gate.clock.now()));
  const claim = (secret: string) => gate.storage.write((tx) => claimPairing(tx, secret, gate.clock.now()));
  const pair = async (who: { token: string }, code: string, courtyardId = gate.place.courtyardId) =>
    gate.kiosk.handlers.commands["kiosk.pair"]({ code, courtyardId, name: "大门口" }, await gate.as(who));
  const list = async (who: { token: string }) =>
    (
      await gate.kiosk.handlers.queries["kiosk.list"](
        { courtyardId: gate.place.courtyardId },
        await gate.as(who),
      )
    ).kiosks;

  test("[KI-1] a screen waits until someone confirms its code, however it is typed", async () => {
    const officer = await gate.officer();
    const { code, secret } = await begin();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(await claim(secret)).toEqual({ state: "waiting" });
    const typed = ` ${code.slice(0, 4).toLowerCase()} - ${code.slice(4)} `;
    const { kioskId } = await pair(officer, typed);
    expect(await claim(secret)).toEqual({
      state: "paired",
      kioskId,
      communityId: gate.place.communityId,
    });
    expect(await list(officer)).toContainEqual({
      kioskId,
      name: "大门口",
      pairedBy: "社区的",
      pairedAt: gate.clock.now(),
      lastSeenAt: null,
    });
  });

  test("[KI-2] only hashes of code and secret are stored", async () => {
    const { code, secret } = await begin();
    const rows = JSON.stringify(await gate.storage.db.selectFrom("kiosk_pairings").selectAll().execute());
    expect(rows).not.toContain(code);
    expect(rows).not.toContain(secret);
  });

  test("[KI-3] a pairing is claimed once", async () => {
    const officer = await gate.officer();
    const { code, secret } = await begin();
    await pair(officer, code);
    const claims = await Promise.allSettled(Array.from({ length: 20 }, () => claim(secret)));
    expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await refusal(claim(secret))).toBe("pairing-unknown");
  });

  test("[KI-4] ten minutes later neither the code nor the secret is worth anything", async () => {
    const officer = await gate.officer();
    const early = await begin();
    const late = await begin();
    await pair(officer, early.code);
    gate.clock.time += kioskLimits.pairingLasts;
    expect(await refusal(claim(early.secret))).toBe("pairing-expired");
    expect(await refusal(claim(late.secret))).toBe("pairing-expired");
    expect(await refusal(pair(officer, late.code))).toBe("pairing-expired");
  });

  test("[KI-5] a wrong code is unknown, and too many of them are a pause for that person only", async () => {
    const officer = await gate.officer();
    const answers: string[] = [];
    for (let index = 0; index < 25; index++) {
      answers.push(await refusal(pair(officer, `AAAA00${String(index).padStart(2, "0")}`)));
    }
    expect(new Set(answers.slice(0, 20))).toEqual(new Set(["pairing-unknown"]));
    expect(new Set(answers.slice(20))).toEqual(new Set(["rate-limited"]));
    const { code } = await begin();
    expect(await refusal(pair(officer, code))).toBe("rate-limited");
    await pair(await gate.officer(), code);
  });

  test("[KI-6] the same code again gives the same screen, and twenty at once make one", async () => {
    const officer = await gate.officer();
    const before = (await list(officer)).length;
    const { code } = await begin();
    const answers = await Promise.all(Array.from({ length: 20 }, () => pair(officer, code)));
    expect(new Set(answers.map(({ kioskId }) => kioskId)).size).toBe(1);
    expect(await list(officer)).toHaveLength(before + 1);
    expect(await refusal(pair(await gate.officer(), code))).toBe("pairing-unknown");
  });

  test("[KI-7] officers and facilitators of the courtyard pair and unpair, nobody else", async () => {
    const { courtyardId, households } = gate.place;
    const facilitator = await gate.someone({ role: "facilitator", courtyardId, strong: true });
    const { code } = await begin();
    const foreign = await gate.build("别的社区");
    const others = await Promise.all([
      gate.someone({ household: households[0] }),
      gate.someone({ role: "steward", courtyardId }),
      gate.someone({ role: "facilitator", courtyardId, strong: false }),
      gate.someone({ role: "officer", courtyardId: foreign.courtyardId, strong: true }),
    ]);
    for (const other of others) {
      expect(await refusal(pair(other, code))).toBe("not-allowed");
      expect(await refusal(list(other))).toBe("not-allowed");
    }
    expect(await refusal(pair(await gate.officer(), code, foreign.courtyardId))).toBe("not-found");
    const { kioskId } = await pair(facilitator, code);
    for (const other of others) {
      const unpair = gate.kiosk.handlers.commands["kiosk.unpair"]({ kioskId }, await gate.as(other));
      expect(await refusal(unpair)).toBe("not-allowed");
    }
  });

  test("[KI-8] unpairing ends the screen's session, and doing it again changes nothing", async () => {
    const officer = await gate.officer();
    const { code, secret } = await begin();
    const { kioskId } = await pair(officer, code);
    const { token, sessionId } = await gate.storage.write(async (tx) => {
      await claimPairing(tx, secret, gate.clock.now());
      const { communityId } = gate.place;
      return gate.sessions.start(tx, { communityId, kioskId, device: "browser-linux" });
    });
    expect((await gate.sessions.byToken(token))?.actor).toMatchObject({ kind: "kiosk", kioskId });
    for (let time = 0; time < 2; time++) {
      await gate.kiosk.handlers.commands["kiosk.unpair"]({ kioskId }, await gate.as(officer));
    }
    expect(gate.ended.filter((ended) => ended === sessionId)).toHaveLength(1);
    expect(await gate.sessions.byToken(token)).toBeNull();
    expect((await list(officer)).map((kiosk) => kiosk.kioskId)).not.toContain(kioskId);
  });

  test("[KI-8] a screen unpaired before it claimed its session never gets one", async () => {
    const officer = await gate.officer();
    const { code, secret } = await begin();
    const { kioskId } = await pair(officer, code);
    await gate.kiosk.handlers.commands["kiosk.unpair"]({ kioskId }, await gate.as(officer));
    expect(await refusal(claim(secret))).toBe("pairing-unknown");
  });

  test("[KI-9] a link pairs a screen without a code, once and within its time", async () => {
    const officer = await gate.officer();
    const { communityId, courtyardId } = gate.place;
    const screen = { communityId, courtyardId, name: "演示", by: officer.residentId };
    const { kioskId, secret } = await gate.storage.write((tx) =>
      addPairedScreen(tx, screen, gate.clock.now(), 3_600_000),
    );
    gate.clock.time += 3_599_000;
    expect(await claim(secret)).toMatchObject({ state: "paired", kioskId });
    expect(await refusal(claim(secret))).toBe("pairing-unknown");
  });

  test("[KI-4] what expired is removed after a day", async () => {
    const { code } = await begin();
    gate.clock.time += kioskLimits.pairingLasts + 25 * 3_600_000;
    await begin();
    const rows = await gate.storage.db.selectFrom("kiosk_pairings").select("id").execute();
    expect(rows).toHaveLength(1);
    const { communityId, courtyardId } = gate.place;
    const screen = { communityId, courtyardId, name: "x", by: "someone" };
    const late = gate.storage.write((tx) => confirmPairing(tx, code, screen, gate.clock.now()));
    expect(await refusal(late)).toBe("pairing-unknown");
  });
});
