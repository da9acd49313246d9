import { newOrderedId } from "../identity/secrets.ts";
import type { FixedStatement, FixedUnit } from "../storage/storage.ts";
import type { BoardCommit, ClientBinding, ItemChange, ItemFields } from "../sync/ports.ts";

/**
 * What one commit of a board writes, as rows. Both databases are given the same rows, each in the way that costs it
 * least: SQLite as fixed statements in one visit to its thread, PostgreSQL as one statement in one round trip.
 */
export interface AppendRows {
  bindings: readonly ClientBinding[];
  history: readonly HistoryRow[];
  items: readonly ItemRow[];
  removed: readonly { household_id: string; item_id: string }[];
}

interface HistoryRow {
  id: string;
  at: number;
  place: string;
  cell: string;
  item_id: string;
  before: string | null;
  after: string | null;
  resident_id: string;
  on_behalf: number;
}

interface ItemRow {
  household_id: string;
  item_id: string;
  title: string;
  category: string;
  note: string;
  quantity: number;
  position: string;
  at: number;
}

export function appendRows({ bindings, changes }: BoardCommit, now: number): AppendRows {
  // The last change of an item is what it looks like now.
  const latest = new Map<string, ItemChange>();
  for (const change of changes)
    if (change.place === "cell") latest.set(`${change.cell} ${change.itemId}`, change);
  const items: ItemRow[] = [];
  const removed: { household_id: string; item_id: string }[] = [];
  for (const { cell, itemId, after, at } of latest.values()) {
    if (after === null) removed.push({ household_id: cell, item_id: itemId });
    else items.push(itemRow(cell, itemId, after as ItemFields, at ?? now));
  }
  return { bindings, history: changes.map((change) => historyRow(change, now)), items, removed };
}

function historyRow(change: ItemChange, now: number): HistoryRow {
  return {
    id: newOrderedId(now),
    at: change.at ?? now,
    place: change.place,
    cell: change.cell,
    item_id: change.itemId,
    before: change.before && JSON.stringify(change.before),
    after: change.after && JSON.stringify(change.after),
    resident_id: change.residentId,
    on_behalf: change.onBehalf ? 1 : 0,
  };
}

const itemRow = (householdId: string, itemId: string, fields: ItemFields, at: number): ItemRow => ({
  household_id: householdId,
  item_id: itemId,
  title: fields.title,
  category: fields.category,
  note: fields.note,
  quantity: fields.quantity,
  position: fields.order,
  at,
});

/** The bindings as they stand in the row of their update, or null when there are none. */
export const bindingsText = (bindings: readonly ClientBinding[]): string | null =>
  bindings.length === 0
    ? null
    : JSON.stringify(bindings.map(({ clientId, residentId }) => [clientId, residentId]));

export function readBindings(text: string | null): ClientBinding[] {
  if (text === null) return [];
  return (JSON.parse(text) as [number, string][]).map(([clientId, residentId]) => ({ clientId, residentId }));
}

/** The commit as fixed statements for SQLite. The guard holds the unit back when the board has moved on. */
export function sqliteAppend(boardId: string, commit: BoardCommit, now: number): FixedUnit {
  const seq = commit.after + 1;
  const rows = appendRows(commit, now);
  const statements: FixedStatement[] = [
    {
      sql: "insert into board_updates (board_id, seq, at, data, bindings) values (?, ?, ?, ?, ?)",
      rows: [[boardId, seq, now, commit.update, bindingsText(commit.bindings)]],
    },
    {
      sql: "insert into board_clients (board_id, client_id, resident_id, bound_at) values (?, ?, ?, ?)",
      rows: rows.bindings.map(({ clientId, residentId }) => [boardId, clientId, residentId, now]),
    },
    {
      sql: "insert into board_history (id, board_id, seq, at, place, cell, item_id, before, after, resident_id, on_behalf) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      rows: rows.history.map((row) => [
        row.id,
        boardId,
        seq,
        row.at,
        row.place,
        row.cell,
        row.item_id,
        row.before,
        row.after,
        row.resident_id,
        row.on_behalf,
      ]),
    },
    {
      sql: `insert into board_items (board_id, household_id, item_id, title, category, note, quantity, position, added_at, changed_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (board_id, household_id, item_id) do update set title = excluded.title, category = excluded.category,
          note = excluded.note, quantity = excluded.quantity, position = excluded.position, changed_at = excluded.changed_at`,
      rows: rows.items.map((row) => [
        boardId,
        row.household_id,
        row.item_id,
        row.title,
        row.category,
        row.note,
        row.quantity,
        row.position,
        row.at,
        row.at,
      ]),
    },
    {
      sql: "delete from board_items where board_id = ? and household_id = ? and item_id = ?",
      rows: rows.removed.map((row) => [boardId, row.household_id, row.item_id]),
    },
  ];
  return {
    guard: {
      sql: "update boards set seq = seq + 1 where id = ? and seq = ?",
      rows: [[boardId, commit.after]],
    },
    statements: statements.filter(({ rows: some }) => some.length > 0),
  };
}

export const postgresAppendName = "append-to-board";

/** The same for PostgreSQL: one statement, which writes nothing when the board has moved on. */
export const postgresAppendText = `
with moved as (
  update boards set seq = seq + 1 where id = $1 and seq = $2 returning id as board_id, seq
), bound as (
  insert into board_clients (board_id, client_id, resident_id, bound_at)
  select board_id, b.client_id, b.resident_id, $3::bigint
  from moved, json_to_recordset($6::json) as b(client_id bigint, resident_id text)
), history as (
  insert into board_history (id, board_id, seq, at, place, cell, item_id, before, after, resident_id, on_behalf)
  select h.id, board_id, seq, h.at, h.place, h.cell, h.item_id, h.before, h.after, h.resident_id, h.on_behalf
  from moved, json_to_recordset($7::json) as h(id text, at bigint, place text, cell text, item_id text,
    before text, after text, resident_id text, on_behalf integer)
), items as (
  insert into board_items (board_id, household_id, item_id, title, category, note, quantity, position, added_at, changed_at)
  select board_id, i.household_id, i.item_id, i.title, i.category, i.note, i.quantity, i.position, i.at, i.at
  from moved, json_to_recordset($8::json) as i(household_id text, item_id text, title text, category text,
    note text, quantity integer, position text, at bigint)
  on conflict (board_id, household_id, item_id) do update set title = excluded.title, category = excluded.category,
    note = excluded.note, quantity = excluded.quantity, position = excluded.position, changed_at = excluded.changed_at
), removed as (
  delete from board_items using moved, json_to_recordset($9::json) as r(household_id text, item_id text)
  where board_items.board_id = moved.board_id and board_items.household_id = r.household_id
    and board_items.item_id = r.item_id
)
insert into board_updates (board_id, seq, at, data, bindings)
select board_id, seq, $3::bigint, $4::bytea, $5::text from moved
returning seq`;

export function postgresAppendValues(boardId: string, commit: BoardCommit, now: number): unknown[] {
  const { bindings, history, items, removed } = appendRows(commit, now);
  return [
    boardId,
    commit.after,
    now,
    Buffer.from(commit.update.buffer, commit.update.byteOffset, commit.update.byteLength),
    bindingsText(commit.bindings),
    JSON.stringify(bindings.map((one) => ({ client_id: one.clientId, resident_id: one.residentId }))),
    JSON.stringify(history),
    JSON.stringify(items),
    JSON.stringify(removed),
  ];
}
