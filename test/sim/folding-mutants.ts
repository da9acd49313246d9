import { changed, type Mutant } from "./mutants.ts";

/** Defects in what becomes of the folding thread's answers, which come late or never. */
export const foldingMutants: Record<string, Mutant> = {
  "a fold that is kept as if it were of the newest row": {
    profile: "renewal",
    caughtBy: ["snapshot"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          saveSnapshot: async (boardId, _seq, state) => {
            const head = (await inner.heads([boardId])).get(boardId) ?? 0;
            return inner.saveSnapshot(boardId, head, state);
          },
        }),
    }),
  },
  "a folding thread that gives one board's answer to the next question": {
    profile: "renewal",
    caughtBy: ["snapshot"],
    make: () => ({
      fold: (inner) => {
        let before: Uint8Array | null = null;
        return async (parts, expected) => {
          const state = await inner(parts, expected);
          const answer = before ?? state;
          before = state;
          return answer;
        };
      },
    }),
  },
  "a folding thread that ends without a word": {
    profile: "storm",
    caughtBy: ["leak", "stuck"],
    make: () => ({
      fold: (inner) => (parts, expected) => inner(parts, expected).catch(() => new Promise(() => {})),
      renew: (inner) => (parts, clientId, expected) =>
        inner(parts, clientId, expected).catch(() => new Promise(() => {})),
    }),
  },
};
