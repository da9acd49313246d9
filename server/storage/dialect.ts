/** The databases the server runs on; one schema and one set of migrations for both. */
export type Dialect = "sqlite" | "postgres";
