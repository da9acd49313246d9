import { expect, it } from "vitest";
import { createMetrics } from "../../server/observe/metrics.ts";
import { watchRooms } from "../../server/observe/rooms.ts";
import { newCounters } from "../../server/sync/counters.ts";

it("[HT-23] tells closed board sockets apart by name, from the start, and what is of now from what adds up", async () => {
  const metrics = createMetrics();
  const counters = newCounters();
  watchRooms(metrics, { counters });
  const text = () => metrics.registry.metrics();
  expect(await text()).toContain('yuanba_boards_sockets_closed{name="not-saved"} 0');
  counters.closed["not-saved"] = 2;
  counters.closed["rate-limited"] = 1;
  counters.commitFailures = 3;
  const after = await text();
  expect(after).toContain('yuanba_boards_sockets_closed{name="not-saved"} 2');
  expect(after).toContain('yuanba_boards_sockets_closed{name="rate-limited"} 1');
  expect(after).toContain("yuanba_boards_commit_failures 3");
  const helpOf = (name: string) => new RegExp(`# HELP yuanba_${name} (.+)`).exec(after)?.[1];
  for (const name of ["boards_rooms", "boards_peers"]) expect(helpOf(name)).toMatch(/ now\.$/);
  for (const name of ["boards_commits", "boards_sockets_closed"])
    expect(helpOf(name)).toMatch(/since the start\.$/);
});
