import { parseArgs } from "node:util";
import { allPeers, peerOf } from "./peers/all.ts";
import { allWorkloads, workloadOf } from "./workloads/all.ts";
import type { Scale, Workload } from "./workloads/workload.ts";

export interface Options {
  workloads: readonly Workload[];
  /** Ids; a workload runs against those of its own that are among them. */
  peers: readonly string[];
  rounds: number;
  scale: Scale;
  /** Whether the page and the plots are written. */
  write: boolean;
  /** Whether nothing is measured: the page is written from what earlier runs have measured. */
  render: boolean;
  kills: number | null;
}

/** Reads the command line. @throws with a sentence about what is wrong with it */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      peers: { type: "string" },
      rounds: { type: "string" },
      kills: { type: "string" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      render: { type: "boolean", default: false },
    },
  });
  return {
    workloads: values.only?.split(",").map(workloadOf) ?? allWorkloads,
    peers: values.peers?.split(",").map((id) => peerOf(id).id) ?? allPeers.map(({ id }) => id),
    rounds: wholeNumber("rounds", values.rounds) ?? (values.quick ? 1 : 3),
    scale: values.quick ? "quick" : "full",
    write: values.write || !values.quick,
    render: values.render,
    kills: wholeNumber("kills", values.kills),
  };
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} takes a whole number from 1, not "${text}"`);
  return value;
}
