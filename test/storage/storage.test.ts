import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isUniqueViolation } from "../../server/storage/errors.ts";
import type { Storage, Tx } from "../../server/storage/storage.ts";
import { dialects, type OpenedStorage } from "./dialects.ts";

const community = (id: string) => (tx: Tx) =>
  tx.db.insertInto("communities").values({ id, name: id, seq: 0, created_at: 1 }).execute();

for (const dialect of dialects) {
  describe(`storage on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let storage: Storage;
    beforeAll(async () => {
      opened = await dialect.open();
      storage = opened.storage;
    });
    afterAll(() => opened.close());

    const names = async (prefix: string) =>
      (await storage.db.selectFrom("communities").select("id").where("id", "like", `${prefix}%`).execute())
        .map((row) => row.id)
        .sort();

    it("[EV-1] a unit that throws half-way leaves nothing, and the others of its batch are stored", async () => {
      const outcomes = await Promise.allSettled([
        storage.write(community("a1")),
        storage.write(async (tx) => {
          await community("a2")(tx);
          throw new Error("half-way");
        }),
        storage.write(community("a3")),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(await names("a")).toEqual(["a1", "a3"]);
    });

    it("[EV-1] a broken constraint refuses its unit and is known as such on either dialect", async () => {
      await storage.write(community("b1"));
      const error = await storage.write(community("b1")).catch((caught: unknown) => caught);
      expect(isUniqueViolation(error)).toBe(true);
      expect(await names("b")).toEqual(["b1"]);
    });

    it("[EV-2] hooks run after the commit, when another connection reads what was written", async () => {
      let seen: Promise<string[]> | undefined;
      await storage.write(async (tx) => {
        await community("c1")(tx);
        tx.afterCommit(() => {
          seen = names("c");
        });
        expect(await names("c")).toEqual([]);
      });
      expect(await seen).toEqual(["c1"]);
    });

    it("[EV-2] hooks of a unit that is refused never run", async () => {
      let ran = false;
      await expect(
        storage.write(async (tx) => {
          tx.afterCommit(() => {
            ran = true;
          });
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      await storage.probe();
      expect(ran).toBe(false);
    });

    it("[EV-1] a thousand units at once are all stored", async () => {
      await Promise.all(Array.from({ length: 1000 }, (_, index) => storage.write(community(`d${index}`))));
      expect(await names("d")).toHaveLength(1000);
    });
  });
}
