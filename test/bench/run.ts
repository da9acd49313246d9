import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Peer } from "./peers/peer.ts";
import { yWebsocketServer } from "./peers/y-websocket-server.ts";
import { yuanba } from "./peers/yuanba.ts";
import { type Load, runRound } from "./round.ts";
import { type Column, resultTable } from "./table.ts";

/** `npm run bench`: each peer in turn under the same load, three times; the medians, and their ratios, are the result. */
const peers: Peer[] = [yuanba, yWebsocketServer];
const ROUNDS = 3;
const load: Load = {
  joiningClients: 100,
  liveClients: 50,
  writers: 10,
  seconds: 6,
  perSecond: 10,
  inFlight: 8,
};

const PAGE = join(import.meta.dirname, "../../docs/performance.md");
const BEGIN = "<!-- npm run bench: begin -->";
const END = "<!-- npm run bench: end -->";

const columns: Column[] = peers.map(({ name }) => ({ name, results: [] }));
for (let round = 1; round <= ROUNDS; round++) {
  // Each peer is first in turn, so that what the machine does meanwhile hits them alike.
  const order = round % 2 === 1 ? peers : peers.toReversed();
  for (const peer of order) {
    const result = await runRound(peer, load);
    columns.find(({ name }) => name === peer.name)?.results.push(result);
    const { join: joined, paced, saturated } = result;
    console.log(
      `round ${round}, ${peer.name}: ${paced.edits} paced edits, ${joined.items} items joined, ` +
        `load generator at ${Math.round(saturated.generatorLoad * 100)} % of a core`,
    );
  }
}

const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}`;
const report = [
  `One room, ${load.liveClients} clients of whom ${load.writers} write, on a board of 800 items; ` +
    `${load.perSecond} edits a second each for the latencies, ${load.inFlight} edits of each on their way for the rate; ` +
    `${load.joiningClients} clients join at once. Medians of ${ROUNDS} rounds, peers in turn, server and load on ${machine}.`,
  resultTable(columns),
  ...peers.map(({ name, promise }) => `- ${name}: ${promise}.`),
];
console.log(`\n${report.join("\n\n")}`);
if (peers.length > 1) writePage(report.join("\n\n"));

/** Replaces what the last run wrote; the page around it is written by people. */
function writePage(text: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : `# Performance\n\n${BEGIN}\n${END}\n`;
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost the lines "${BEGIN}" and "${END}"`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${text}\n${page.slice(end)}`);
}
