import type { Assumptions, Courtyard } from "./city.ts";
import type { Costs } from "./costs.ts";

/** What one courtyard asks of the machines: counts at a moment, and rates in a second. */
export interface Rates {
  people: number;
  boardSockets: number;
  /** Chance that the board is in memory. */
  boardOpen: number;
  edits: number;
  boardDeliveries: number;
  presenceFlushes: number;
  messages: number;
  ballots: number;
  eventDeliveries: number;
  welcomes: number;
  joins: number;
  opens: number;
}

/** A board without people stays in memory for so long, seconds; presence is passed on at most so often in a second. */
const idleSeconds = 30;
const mostFlushes = 12.5;

export function ratesOf({ residents, votes }: Courtyard, given: Assumptions): Rates {
  const people = residents * (votes ? given.onlineAtVote : given.online);
  const boardSockets = people * given.atBoard;
  const joins = boardSockets / given.stay;
  const edits = (people * given.editsPerHour) / 3_600;
  const messages = (people * given.messagesPerHour) / 3_600;
  const ballots = votes ? ((residents / given.residentsPerHousehold) * given.turnout) / given.voteSeconds : 0;
  const presenceFlushes = Math.min(boardSockets * given.presenceChanges, mostFlushes);
  // Nobody was there for as long as the board waits: the share of time a crowd that comes at random leaves it empty.
  const cold = Math.exp(-boardSockets - joins * idleSeconds);
  return {
    people,
    boardSockets,
    boardOpen: 1 - cold,
    edits,
    boardDeliveries: (edits + presenceFlushes) * boardSockets,
    presenceFlushes,
    messages,
    ballots,
    eventDeliveries: (messages + (votes ? given.turnoutSignals : 0)) * people,
    welcomes: people / given.stay,
    joins,
    opens: joins * cold,
  };
}

/** CPU in µs for each second, memory in bytes, sockets. */
export interface NodeDemand {
  cpu: number;
  bytes: number;
  sockets: number;
}

/** What the node of its board has to do for a courtyard. */
export function boardDemand(courtyard: Courtyard, rates: Rates, costs: Costs): NodeDemand {
  return {
    cpu:
      rates.edits * costs.editNode +
      rates.boardDeliveries * costs.boardDelivery +
      rates.joins * costs.joinNode +
      rates.opens * courtyard.items * costs.openNodePerItem +
      rates.boardSockets * costs.idleSocket,
    bytes:
      rates.boardSockets * costs.boardSocketBytes +
      rates.boardOpen * courtyard.items * costs.boardBytesPerItem,
    sockets: rates.boardSockets,
  };
}

/** What the nodes of its people's sessions have to do for a courtyard, all together. */
export function sessionDemand(rates: Rates, costs: Costs): NodeDemand {
  return {
    cpu:
      rates.messages * costs.messageNode +
      rates.ballots * costs.ballotNode +
      rates.eventDeliveries * costs.eventDelivery +
      rates.welcomes * costs.welcomeNode +
      rates.people * costs.idleSocket,
    bytes: rates.people * costs.eventSocketBytes,
    sockets: rates.people,
  };
}

/** PostgreSQL's CPU for a courtyard, µs a second. */
export const databaseDemand = (rates: Rates, costs: Costs): number =>
  rates.edits * costs.editDatabase +
  rates.messages * costs.messageDatabase +
  rates.ballots * costs.ballotDatabase +
  rates.welcomes * costs.welcomeDatabase +
  rates.joins * costs.joinDatabase +
  rates.opens * costs.openDatabase;

export const add = (sum: NodeDemand, more: NodeDemand): NodeDemand => ({
  cpu: sum.cpu + more.cpu,
  bytes: sum.bytes + more.bytes,
  sockets: sum.sockets + more.sockets,
});
