import { costs } from "./costs.ts";
import { openBed } from "./measure/bed.ts";
import { measureBoards } from "./measure/board-costs.ts";
import { measurePolling } from "./measure/poll-costs.ts";
import { measureRedis } from "./measure/redis-costs.ts";
import { measureSockets } from "./measure/socket-costs.ts";

/**
 * Measures most of costs.ts on this machine and prints both beside each other: `npm run test:scaling`, a
 * minute, Linux. Bytes are not among them.
 */
const bed = await openBed();
try {
  const measured = {
    ...(await measureBoards(bed)),
    ...(await measureSockets(bed)),
    ...(await measurePolling()),
    ...(await measureRedis()),
  };
  console.log("| µs of CPU | measured now | in costs.ts |\n| --- | --: | --: |");
  for (const [name, value] of Object.entries(measured))
    console.log(`| ${name} | ${value.toFixed(value < 10 ? 1 : 0)} | ${costs[name as keyof typeof costs]} |`);
} finally {
  await bed.close();
}
