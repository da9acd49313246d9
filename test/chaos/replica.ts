import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";

/** One copy of a board, in a form that two equal copies share letter by letter. */
export interface Replica {
  name: string;
  /** What it has of each client id. */
  vector: string;
  /** What is deleted; a state vector alone does not tell. */
  deletions: string;
  contents: string;
  /** Something waits for an update that is not there. */
  pending: boolean;
}

export function replicaOf(name: string, doc: Y.Doc, householdIds: readonly string[]): Replica {
  const vector = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([one], [other]) => one - other);
  const deletions = [...Y.createDeleteSetFromStructStore(doc.store).clients]
    .map(([client, ranges]) => [client, ranges.map(({ clock, len }) => [clock, len])] as const)
    .sort(([one], [other]) => one - other);
  return {
    name,
    vector: JSON.stringify(vector),
    deletions: JSON.stringify(deletions),
    contents: JSON.stringify(householdIds.map((id) => sortedEntries(doc.getMap(cellRoot(id)).toJSON()))),
    pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
  };
}

/** Key → title of every thing on a board. */
export function titlesOf(doc: Y.Doc, householdIds: readonly string[]): Map<string, string> {
  const titles = new Map<string, string>();
  for (const householdId of householdIds)
    for (const [itemId, item] of doc.getMap<Y.Map<unknown>>(cellRoot(householdId)))
      titles.set(`${householdId}/${itemId}`, String(item.get("title")));
  return titles;
}

/** Why these copies are not the same, or null when they are. */
export function disagreement(replicas: readonly Replica[]): string | null {
  const [first, ...others] = replicas;
  for (const { name, pending } of replicas) if (pending) return `${name} has something pending`;
  for (const other of others) {
    for (const part of ["vector", "deletions", "contents"] as const) {
      if (first && first[part] !== other[part])
        return `${first.name} and ${other.name} differ in ${part}: ${firstDifference(first[part], other[part])}`;
    }
  }
  return null;
}

function sortedEntries(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inner]) => [key, sortedEntries(inner)]);
}

function firstDifference(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 30), at + 50);
  return `…${around(one)}… and …${around(other)}…`;
}
