import { eventMutants } from "./event-mutants.ts";
import { foldingMutants } from "./folding-mutants.ts";
import { type Mutant, mutants } from "./mutants.ts";

export const allMutants: Record<string, Mutant> = { ...mutants, ...foldingMutants, ...eventMutants };
