import type { Compilable } from "kysely";
import type { Storage } from "./storage.ts";

/** Stands for a value that is not known yet. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query that is built and compiled once, for what every request asks: building one costs as much as running it.
 * @param name no other query of this kind has it
 * @param build is given, instead of each value, what stands for it
 */
export function compileOnce<Row, Values extends Record<string, unknown>>(
  storage: Pick<Storage, "readKnown">,
  name: string,
  valueNames: readonly (keyof Values & string)[],
  build: (values: Values) => Compilable<Row>,
): (values: Values) => Promise<readonly Row[]> {
  let compiled: { sql: string; parameters: readonly unknown[] } | undefined;
  return async (values) => {
    compiled ??= build(
      Object.fromEntries(valueNames.map((each) => [each, new Slot(each)])) as Values,
    ).compile();
    const parameters = compiled.parameters.map((given) =>
      given instanceof Slot ? values[given.name] : given,
    );
    return (await storage.readKnown(name, compiled.sql, parameters)) as readonly Row[];
  };
}
