import { type Compilable, CompiledQuery, type Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Stands for a value that is not known yet. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query that is built and compiled once, for what every request asks: building one costs as much as running it.
 * @param build is given, instead of each value, what stands for it
 */
export function compileOnce<Row, Values extends Record<string, unknown>>(
  db: Kysely<Schema>,
  names: readonly (keyof Values & string)[],
  build: (values: Values) => Compilable<Row>,
): (values: Values) => Promise<Row[]> {
  let compiled: CompiledQuery<Row> | undefined;
  return async (values) => {
    compiled ??= build(Object.fromEntries(names.map((name) => [name, new Slot(name)])) as Values).compile();
    const parameters = compiled.parameters.map((given) =>
      given instanceof Slot ? values[given.name] : given,
    );
    return (await db.executeQuery(CompiledQuery.raw(compiled.sql, parameters) as CompiledQuery<Row>)).rows;
  };
}
