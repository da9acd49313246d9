import type { ProfileName } from "./profiles.ts";

/** Seeds that once found a defect, each with what it found. They run in every test, whatever else is drawn. */
export const regressions: readonly { profile: ProfileName; seed: number; found: string }[] = [
  {
    profile: "steady",
    seed: 2361,
    found:
      "an item that an undo had brought back without its order key could not be edited by an honest phone",
  },
  {
    profile: "steady",
    seed: 2365,
    found: "a place that two nodes touched without a visible change left a row kept for reading behind",
  },
  {
    profile: "steady",
    seed: 45,
    found: "who came back with the newest state vector was never sent the deletions that had not reached it",
  },
  {
    profile: "network",
    seed: 61,
    found: "the same over a line that broke while a deletion was on its way",
  },
  {
    profile: "rights",
    seed: 39,
    found: "the same for a person whose rights had changed and who came back at once",
  },
  {
    profile: "steady",
    seed: 36,
    found: "an item removed on one node and edited on another stayed in the rows kept for reading",
  },
  {
    profile: "network",
    seed: 29,
    found:
      "a row kept for reading said what an edit would have made of an item that another node had changed first",
  },
  {
    profile: "bus",
    seed: 41,
    found: "the same with words lost on the bus",
  },
  {
    profile: "steady",
    seed: 1,
    found: "a phone that showed nothing took over what the same person's other phone showed, by repeating it",
  },
  {
    profile: "network",
    seed: 1,
    found: "a phone that had heard its own old entry was taken for a repetition of it, and never shown again",
  },
  {
    profile: "storm",
    seed: 140,
    found:
      "two items under one client id on two nodes, one of them removed at once, left a row kept for reading behind",
  },
  {
    profile: "rivals",
    seed: 4,
    found:
      "an edit brought to another node after what it hung in was removed there was taken for another edit, and ended the room",
  },
  {
    profile: "rivals",
    seed: 37,
    found: "an entry of a shared list was held to be the work of who brought it along from another node",
  },
  {
    profile: "bus",
    seed: 399,
    found:
      "an item that was made on one node and removed on the way to another, which had not heard of it, stayed in the rows",
  },
  { profile: "crashes", seed: 238, found: "the same, behind a crash" },
  {
    profile: "database",
    seed: 5,
    found:
      "a node that got no answer to the commit of somebody's new rights left that person's own sockets there open",
  },
  {
    profile: "hostile",
    seed: 349,
    found:
      "a copy that was written under an id which somebody took only after the page was loaded again: the simulator's own defect",
  },
  {
    profile: "doors",
    seed: 1,
    found:
      "rights that changed elsewhere while a socket was let in to a node that nobody of the community was on were not heard of there",
  },
  {
    profile: "doors",
    seed: 409,
    found: "a Redis that took the commands of one connection out of their order: the simulator's own defect",
  },
];
