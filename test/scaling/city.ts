/** What we assume of a city; nobody has measured one. */
export interface Assumptions {
  courtyards: number;
  residents: number;
  courtyardsOfCommunity: number;
  itemsPerResident: number;
  residentsPerHousehold: number;
  /** Share of the residents who have the page open at the evening's peak. */
  online: number;
  /** Of those, who are at a board at the moment. */
  atBoard: number;
  /** How long a phone stays before it is put away or WeChat cuts it, seconds; each return is a new connection. */
  stay: number;
  /** Of each person online, in an hour. */
  editsPerHour: number;
  messagesPerHour: number;
  /** Share of the courtyards that hold a live vote at the same time. */
  voting: number;
  /** There: share of the residents online, share of the households that vote, and in how many seconds. */
  onlineAtVote: number;
  turnout: number;
  voteSeconds: number;
  /** How often the turnout is told while people vote, in a second. */
  turnoutSignals: number;
  /** Changes of presence of one person at a board in a second: y-protocols renews every 15 s, the rest is typing. */
  presenceChanges: number;
  /** Share of the boards that live on two nodes, because one has just come back. */
  apart: number;
}

/** An ordinary evening of a city: 10,000 courtyards, three million residents. */
export const evening: Assumptions = {
  courtyards: 10_000,
  residents: 3_000_000,
  courtyardsOfCommunity: 29,
  itemsPerResident: 1.8,
  residentsPerHousehold: 3,
  online: 0.02,
  atBoard: 0.5,
  stay: 300,
  editsPerHour: 3,
  messagesPerHour: 3,
  voting: 0,
  onlineAtVote: 0.15,
  turnout: 0.6,
  voteSeconds: 180,
  turnoutSignals: 1,
  presenceChanges: 1 / 15,
  apart: 0.02,
};

/** One courtyard in ten votes in the yard, all in the same three minutes. */
export const voteEvening: Assumptions = { ...evening, voting: 0.1 };

export interface Courtyard {
  boardId: string;
  community: number;
  residents: number;
  items: number;
  votes: boolean;
}

/** How uneven courtyards are: standard deviation of the logarithm of their sizes. One in a hundred has ten times the median. */
const unevenness = 1;
const smallest = 0.1;
const largest = 15;

/** The same city for the same seed: courtyards of log-normal size around the mean, in communities. */
export function planCity(seed: number, assumptions: Assumptions): Courtyard[] {
  const random = seeded(seed);
  const weights = Array.from({ length: assumptions.courtyards }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(largest, Math.max(smallest, Math.exp(unevenness * normal - unevenness ** 2 / 2)));
  });
  const scale = assumptions.residents / weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => ({
    boardId: `board-${seed}-${index}`,
    community: Math.floor(index / assumptions.courtyardsOfCommunity),
    residents: weight * scale,
    items: weight * scale * assumptions.itemsPerResident,
    // By the community: a city's vote evening comes to whole neighbourhoods.
    votes: (Math.floor(index / assumptions.courtyardsOfCommunity) * 0.618_034) % 1 < assumptions.voting,
  }));
}

/** Mulberry32: numbers in [0, 1) that a seed decides. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
