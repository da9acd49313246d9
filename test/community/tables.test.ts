import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeTable } from "../../server/community/files/decode.ts";
import { readCell } from "../../shared/board/model.ts";
import type { AppliedImport, PlannedImport } from "../../shared/community/http.ts";
import type { WireError } from "../../shared/wire/result.ts";
import { openBoard } from "../server/board-client.ts";
import { openSocket } from "../server/socket-client.ts";
import { bearer, openYard, type Yard } from "../server/yard.ts";
import { until } from "../services/until.ts";

const sample = (name: string) => readFileSync(new URL(`samples/${name}`, import.meta.url));

describe("the officer's tables over HTTP", () => {
  let yard: Yard;
  const tokens = { officer: "", steward: "", resident: "", kiosk: "" };
  beforeAll(async () => {
    yard = await openYard();
    tokens.officer = (await yard.resident(null, ["officer"])).token;
    tokens.steward = (await yard.resident("1-1-101", ["steward"])).token;
    tokens.resident = (await yard.resident("1-1-201")).token;
    tokens.kiosk = (await yard.kiosk()).token;
  });
  afterAll(() => yard.close());

  interface Answer {
    status: number;
    body: Partial<Omit<PlannedImport, "state"> & AppliedImport> & { error?: WireError };
  }
  const upload = async (
    path: string,
    bytes: Uint8Array | string,
    token = tokens.officer,
    courtyardId = yard.courtyardId,
  ): Promise<Answer> => {
    const response = await fetch(`${yard.url}/api/v1/courtyards/${courtyardId}/imports/${path}`, {
      method: "POST",
      headers: { ...bearer(token), "content-type": "application/octet-stream" },
      body: Buffer.from(bytes),
    });
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  };
  const get = (path: string, token = tokens.officer) =>
    fetch(`${yard.url}/api/v1${path}`, { headers: bearer(token) });
  const doors = async () => [...(await yard.app.places.doors(yard.courtyardId)).keys()];
  const allItems = () => yard.app.storage.db.selectFrom("board_items").select("title").execute();

  it("[LN-14] [LN-31] a dry run of a real file tells every row and changes nothing", async () => {
    const before = await doors();
    const { status, body } = await upload("households?dryRun=1", sample("households-merged.xlsx"));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: "planned",
      kind: "households",
      source: { format: "xlsx", sheet: "住户表" },
      headerLine: 2,
      ignored: ["户主"],
      counts: { add: 5, change: 0, same: 0, bad: 1 },
      bad: [{ line: 9, reason: { code: "door-looks-like-date" } }],
      division: { buildings: 4, advised: false },
    });
    expect(body.add?.[0]).toEqual({
      line: 3,
      door: "3-1-101",
      facts: { area: 8960, contact: "13800000001" },
    });
    expect(body.columns?.map(({ column }) => column)).toEqual([
      "building",
      "unit",
      "door",
      "area",
      "contact",
    ]);
    expect(await doors()).toEqual(before);
  });

  it("[LN-28] [LN-30] [LN-33] imports what was shown, without the lines left out, and hears it live", async () => {
    const file = sample("households-merged.xlsx");
    const refused = await upload("households", file);
    expect([refused.status, refused.body.error]).toMatchObject([
      422,
      { code: "import-has-bad-rows", params: { count: 1 } },
    ]);
    const neighbour = await openSocket(yard.url, tokens.resident);
    const wall = await openSocket(yard.url, tokens.kiosk);
    const { body: plan } = await upload("households?dryRun=1&without=9", file);
    const path = `households?without=9&seen=${plan.fingerprint}`;
    const wrong = await upload("households?without=9&seen=something-else", file);
    expect([wrong.status, wrong.body.error?.code]).toEqual([409, "import-changed"]);
    expect(await upload(path, file)).toMatchObject({ status: 200, body: { state: "applied", added: 5 } });
    expect(await upload(path, file)).toMatchObject({ status: 200, body: { added: 0, changed: 0, same: 5 } });
    expect((await doors()).slice(-5)).toEqual(["3-1-101", "3-1-102", "3-2-501", "3-2-502", "4-1-101"]);
    for (const client of [neighbour, wall]) {
      const event = await until("the new doors are heard", () =>
        client.events.find(({ name }) => name === "places.have-changed"),
      );
      expect(JSON.stringify(event)).toContain('"502"');
      expect(JSON.stringify(event)).not.toContain("13800000001");
      client.close();
    }
  });

  it("[LN-32] [LN-37] imported items arrive on a board that is open, in the cell of a new household too", async () => {
    const { doc, close } = await openBoard(yard.wsUrl, yard.boardId, tokens.resident);
    expect((await upload("households", "门牌\n8-1-101\n")).body).toMatchObject({ added: 1 });
    const rows = "门牌,物品,类别\n8栋1单元101,竹梯,工具\n1-1-101,螺丝刀,五金\n";
    const { body } = await upload("items", rows);
    expect(body).toMatchObject({ state: "applied", added: 2 });
    const household = (await yard.app.places.doors(yard.courtyardId)).get("8-1-101") ?? "";
    await until("the ladder is on the open board", () => readCell(doc, household)[0]?.title === "竹梯");
    close();
  });

  it("[LN-34] says why a file or a table cannot be read, and stores nothing", async () => {
    const before = await allItems();
    const cases: [Uint8Array | string, WireError["params"]][] = [
      ["", { reason: "file-empty" }],
      [Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2]), { reason: "file-not-a-table" }],
      ["随便\n写写\n", { reason: "table-no-header", rows: 2 }],
      ["门牌,类别\n1-1-101,工具\n", { reason: "table-column-missing", column: "title" }],
    ];
    for (const [bytes, params] of cases) {
      for (const mode of ["items?dryRun=1", "items"]) {
        const { status, body } = await upload(mode, bytes);
        expect([status, body.error]).toMatchObject([422, { code: "file-unreadable", params }]);
      }
    }
    const huge = await upload("items?dryRun=1", Buffer.alloc(5 * 1024 * 1024 + 1, 65));
    expect([huge.status, huge.body.error?.code]).toEqual([413, "too-large"]);
    expect((await upload("items?without=x", "门牌,物品\n")).body.error?.code).toBe("invalid-input");
    expect((await upload("people", "门牌\n")).status).toBe(404);
    expect(await allItems()).toEqual(before);
  });

  it("[LN-34] serves nobody but officers of the courtyard", async () => {
    const rows = "门牌\n9-1-101\n";
    for (const token of [tokens.steward, tokens.resident, tokens.kiosk]) {
      const refused = await upload("households", rows, token);
      expect([refused.status, refused.body.error?.code]).toEqual([403, "not-allowed"]);
      for (const path of ["households.csv", "items.xlsx"]) {
        expect((await get(`/courtyards/${yard.courtyardId}/exports/${path}`, token)).status).toBe(403);
      }
    }
    expect((await upload("households", rows, "no-such-token-at-all-000")).status).toBe(401);
    expect((await upload("households", rows, tokens.officer, "elsewhere-000")).status).toBe(404);
    expect(await doors()).not.toContain("9-1-101");
  });

  it("[LN-25] [LN-34] exports come back unchanged, as CSV and XLSX, named after the courtyard", async () => {
    for (const format of ["csv", "xlsx"]) {
      for (const kind of ["households", "items"] as const) {
        const response = await get(`/courtyards/${yard.courtyardId}/exports/${kind}.${format}`);
        expect(response.headers.get("content-disposition")).toContain(encodeURIComponent("26 号院"));
        const bytes = Buffer.from(await response.arrayBuffer());
        const { body } = await upload(`${kind}?dryRun=1`, bytes);
        expect(body.counts).toMatchObject({ add: 0, change: 0, bad: 0 });
        expect(body.counts?.same).toBeGreaterThan(0);
      }
    }
    const english = await get(`/courtyards/${yard.courtyardId}/exports/households.csv?language=en`);
    expect(await english.text()).toMatch(/^\ufeff?Building,Unit,Door/);
    expect((await get(`/courtyards/${yard.courtyardId}/exports/households.pdf`)).status).toBe(404);
  });

  it("[LN-27] gives out templates", async () => {
    const response = await get("/templates/items.xlsx", tokens.resident);
    const decoded = await decodeTable(Buffer.from(await response.arrayBuffer()));
    expect(decoded.ok && decoded.rows[0]?.cells.slice(0, 2)).toEqual(["门牌", "物品"]);
  });
});
