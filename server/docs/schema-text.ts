/** The parts of JSON Schema that our zod schemas become. */
interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema | boolean>;
  required?: string[];
  items?: JsonSchema | JsonSchema[] | boolean;
  prefixItems?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  description?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  pattern?: string;
}

/** A JSON schema in the notation of TypeScript, with limits as comments. */
export function describeSchema(schema: unknown, depth = 0): string {
  if (typeof schema !== "object" || schema === null) return "unknown";
  const of = schema as JsonSchema;
  if (of.const !== undefined) return JSON.stringify(of.const);
  if (of.enum) return of.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = of.anyOf ?? of.oneOf;
  if (union) return union.map((part) => describeSchema(part, depth)).join(" | ");
  if (of.type === "array") return arrayText(of, depth);
  if (of.type === "object") return objectText(of, depth);
  if (of.type === "integer" || of.type === "number") return `number${range(of)}`;
  if (of.type === "string") return `string${range(of)}`;
  return of.type ?? "unknown";
}

function arrayText(of: JsonSchema, depth: number): string {
  if (of.prefixItems) return `[${of.prefixItems.map((part) => describeSchema(part, depth)).join(", ")}]`;
  const item = describeSchema(Array.isArray(of.items) ? of.items[0] : of.items, depth);
  return `Array<${item}>${range(of)}`;
}

function objectText(of: JsonSchema, depth: number): string {
  const fields = Object.entries(of.properties ?? {});
  if (fields.length === 0) {
    return typeof of.additionalProperties === "object"
      ? `Record<string, ${describeSchema(of.additionalProperties, depth)}>`
      : "{}";
  }
  const inner = "  ".repeat(depth + 1);
  const lines = fields.map(([name, field]) => {
    const optional = of.required?.includes(name) ? "" : "?";
    return `${inner}${name}${optional}: ${describeSchema(field, depth + 1)};`;
  });
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

/** Safe integers are the default bound of every integer and say nothing. */
const bounded = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;

function range(of: JsonSchema): string {
  const least = of.minLength ?? of.minItems ?? of.minimum;
  const most = of.maxLength ?? of.maxItems ?? of.maximum;
  const parts = [
    bounded(least) || bounded(most) ? `${bounded(least) ? least : ""}…${bounded(most) ? most : ""}` : "",
    of.pattern ? `/${of.pattern}/` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? ` /* ${parts.join(" ").replaceAll("*/", "*\\/")} */` : "";
}
