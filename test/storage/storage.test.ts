import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileOnce } from "../../server/storage/compile-once.ts";
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

    it("[EV-13] a hook that throws stops neither its unit, nor other hooks, nor later units", async () => {
      const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
      let ran = false;
      await storage.write(async (tx) => {
        await community("h1")(tx);
        tx.afterCommit(() => {
          throw new Error("a hook's own mistake");
        });
        tx.afterCommit(() => {
          ran = true;
        });
      });
      await storage.write(community("h2"));
      expect([ran, await names("h")]).toEqual([true, ["h1", "h2"]]);
      expect((await warned).message).toBe("a hook's own mistake");
    });

    // SQLite has one writer, so units cannot wait for each other there.
    if (dialect.name === "PostgreSQL") {
      it("[EV-14] of two units that wait for each other both are stored", async () => {
        await storage.write(community("w1"));
        await storage.write(community("w2"));
        const rename = (tx: Tx, id: string) =>
          tx.db
            .updateTable("communities")
            .set((eb) => ({ seq: eb("seq", "+", 1) }))
            .where("id", "=", id)
            .execute();
        let arrived = 0;
        let bothHold = (): void => {};
        const both = new Promise<void>((resolve) => {
          bothHold = resolve;
        });
        const crosswise = (first: string, second: string) =>
          storage.write(async (tx) => {
            await rename(tx, first);
            arrived += 1;
            if (arrived === 2) bothHold();
            await both;
            await rename(tx, second);
          });
        await Promise.all([crosswise("w1", "w2"), crosswise("w2", "w1")]);
        const rows = await storage.db
          .selectFrom("communities")
          .select("seq")
          .where("id", "in", ["w1", "w2"])
          .execute();
        expect(rows.map(({ seq }) => seq)).toEqual([2, 2]);
      });
    }

    it("a query compiled once answers each time with what is committed and was asked for", async () => {
      const named = compileOnce(storage, "community-by-id", ["id"], ({ id }: { id: string }) =>
        storage.db.selectFrom("communities").select(["id", "seq"]).where("id", "=", id),
      );
      expect(await named({ id: "k1" })).toEqual([]);
      await Promise.all([storage.write(community("k1")), storage.write(community("k2"))]);
      expect(await Promise.all(["k2", "k1", "k3"].map((id) => named({ id })))).toEqual([
        [{ id: "k2", seq: 0 }],
        [{ id: "k1", seq: 0 }],
        [],
      ]);
    });

    it("a statement that the database does not understand is refused, and the next is answered", async () => {
      await expect(storage.readKnown("nonsense", "select from where", [])).rejects.toThrow(/syntax/);
      expect(await storage.readKnown("sense", "select 1 as one", [])).toEqual([{ one: 1 }]);
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
