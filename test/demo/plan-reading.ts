import type { DemoPlan } from "../../server/demo/plan-types.ts";

/** How often each key comes up. */
export function countBy<T, K>(rows: readonly T[], key: (row: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return counts;
}

export type TextKind =
  | "title"
  | "note"
  | "entry"
  | "notice"
  | "message"
  | "name"
  | "proposal"
  | "body"
  | "option"
  | "list";

/** Every text of the plan that a person reads, with the form it would have been typed into. */
export function textsOf(plan: DemoPlan): { kind: TextKind; text: string }[] {
  const texts = (kind: TextKind, list: readonly string[]) => list.map((text) => ({ kind, text }));
  const entries = plan.lists.flatMap((list) => list.entries);
  return [
    ...texts(
      "title",
      plan.items.map(({ title }) => title),
    ),
    ...texts(
      "note",
      plan.items.map(({ note }) => note),
    ),
    ...texts(
      "entry",
      entries.map(({ text }) => text),
    ),
    ...texts(
      "list",
      plan.lists.map(({ title }) => title),
    ),
    ...texts(
      "notice",
      plan.notices.map(({ text }) => text),
    ),
    ...texts(
      "message",
      plan.messages.map(({ text }) => text),
    ),
    ...texts(
      "name",
      plan.residents.map(({ displayName }) => displayName),
    ),
    ...texts(
      "proposal",
      plan.proposals.map(({ title }) => title),
    ),
    ...texts(
      "body",
      plan.proposals.map(({ body }) => body),
    ),
    ...texts(
      "option",
      plan.proposals.flatMap(({ options }) => options.map(({ label }) => label)),
    ),
  ];
}
