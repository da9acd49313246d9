import { agreeWithin, awaitAgreement } from "./agreement.ts";
import { chanceOf } from "./chance.ts";
import { ColdReader, postgresRows } from "./cold-read.ts";
import { checkCold } from "./cold-start.ts";
import { Crowd, type CrowdSize } from "./crowd.ts";
import { DurableProbe } from "./durable-probe.ts";
import { Findings } from "./findings.ts";
import { openFleet } from "./fleet.ts";
import { Ledger } from "./ledger.ts";
import { playRound } from "./nemesis.ts";
import { begunInTime, planRounds, type ScheduleOptions } from "./schedule.ts";
import { judgeDatabase } from "./verdict.ts";

export interface CampaignOptions extends ScheduleOptions {
  size: CrowdSize;
  households: number;
  /** After so many milliseconds no further round begins; the first always does. Left out: all rounds are played. */
  time?: number;
  say: (line: string) => void;
}

export interface Report {
  findings: Findings;
  faults: number;
  /** Milliseconds the copies took to agree after healing, of each round that was played. */
  agreed: number[];
  steps: number;
  saved: number;
  sightings: number;
  /** Sightings and confirmations that were looked up in the database at that moment. */
  probed: number;
  crashes: number;
  intrusions: { attempts: number; refusals: number };
  messages: { said: number; answered: number; repeats: number; stored: number };
  /** Ids of the messages that were answered with a number, in the order of the numbers. */
  answered: string[];
  ballots: number;
  events: number;
  /** What each node wrote to its log in all its lives. */
  logs: { node: string; text: string }[];
  /** Runs the verdict once more; a test changes the database in between to see that it notices. */
  judgeAgain(change: (reader: ColdReader) => Promise<unknown>): Promise<Findings>;
  close(): Promise<void>;
}

/** A whole run: rounds of faults under load, each healed and compared, and the verdict from a cold database. */
export async function runCampaign(options: CampaignOptions): Promise<Report> {
  const { say, time = Number.POSITIVE_INFINITY } = options;
  const began = performance.now();
  // Every stock provider listens for the end of the process.
  process.setMaxListeners(0);
  const findings = new Findings(({ kind, text }) => say(`!! ${kind}: ${text}`));
  const fleet = await openFleet(options, findings);
  const reader = new ColdReader(postgresRows(fleet.databaseUrl));
  const ledger = new Ledger(findings);
  const probe = new DurableProbe(reader, fleet.seeded.boardId, findings);
  const chance = chanceOf(options.seed + 1);
  const known = (itemId: string, title: string) => probe.look(itemId, title);
  const crowd = new Crowd({ fleet, ledger, findings, chance, known });
  const close = async () => {
    await crowd.leave();
    await reader.close();
    await fleet.close();
  };
  try {
    await crowd.come(options.size);
    await awaitAgreement({ fleet, crowd, reader, findings });
    let faults = 0;
    const agreed: number[] = [];
    const passed = () => performance.now() - began;
    for (const round of begunInTime(planRounds(options), () => passed() >= time)) {
      say(`round ${round.number}, ${(passed() / 60_000).toFixed(1)} minutes after the start`);
      await crowd.begin();
      faults += await playRound(round, { fleet, victims: crowd, findings, say });
      crowd.busy = false;
      const withoutRedis = round.agreeWithoutRedis;
      await fleet.heal({ withoutRedis });
      const agreement = await awaitAgreement({ fleet, crowd, reader, findings });
      agreed.push(agreement.agreed);
      say(
        `  ${withoutRedis ? "healed but for Redis" : "healed"}: connected in ${(agreement.connected / 1000).toFixed(1)} s, ` +
          `${agreement.replicas} copies equal ${(agreement.agreed / 1000).toFixed(2)} s later (at most ${agreeWithin / 1000} s); ` +
          `${ledger.totals.steps} steps, ${ledger.totals.saved} saved, ${ledger.totals.sightings} sightings`,
      );
      if (withoutRedis) await fleet.heal();
      await crowd.clash();
      await awaitAgreement({ fleet, crowd, reader, findings });
    }
    await fleet.stopNodes();
    const stored = await judgeDatabase({ fleet, crowd, ledger, reader, findings });
    await checkCold(fleet, { DATABASE_URL: fleet.databaseUrl }, reader, findings);
    const said = crowd.talkers.flatMap((talker) => talker.said);
    const answered = said.filter(({ seq }) => seq !== null);
    return {
      findings,
      faults,
      agreed,
      ...ledger.totals,
      probed: probe.asked,
      crashes: crowd.crashes,
      intrusions: { attempts: crowd.intruder.attempts, refusals: crowd.intruder.refusals },
      messages: {
        said: said.length,
        answered: answered.length,
        repeats: crowd.talkers.reduce((sum, { repeats }) => sum + repeats, 0),
        stored: stored.messages,
      },
      answered: answered.sort((one, other) => Number(one.seq) - Number(other.seq)).map(({ id }) => id),
      ballots: crowd.voters.reduce((sum, { receipts }) => sum + receipts.size, 0),
      events: stored.events,
      logs: fleet.sites.map(({ keeper }) => ({
        node: keeper.name,
        text: keeper.lives.map((life) => life.output()).join("--- next life ---\n"),
      })),
      judgeAgain: async (change) => {
        await change(reader);
        const again = new Findings();
        await judgeDatabase({ fleet, crowd, ledger, reader, findings: again });
        return again;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
