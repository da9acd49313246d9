import { z } from "zod";
import { errorCodes } from "../../shared/wire/errors.ts";
import type { Route } from "../http/route.ts";
import { defineRoute } from "../http/route.ts";

const json = (schema: unknown) => ({ content: { "application/json": { schema } } });
const jsonSchema = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    reused: "inline",
  });
  return rest;
};

/** The OpenAPI 3.1 description of the HTTP API, from the routes themselves. */
export function openApi(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");
    const path = `/api/v1${route.path.replace(/:(\w+)/g, "{$1}")}`;
    paths[path] = { ...paths[path], [route.method]: operation(route, names) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Yuanba", version: "1", description: "A live noticeboard for a residential courtyard." },
    paths,
    components: {
      securitySchemes: {
        cookie: { type: "apiKey", in: "cookie", name: "yuanba_session" },
        bearer: { type: "http", scheme: "bearer" },
      },
      schemas: {
        Error: {
          type: "object",
          properties: {
            error: {
              type: "object",
              properties: {
                code: { enum: errorCodes },
                message: { type: "string" },
                params: { type: "object" },
              },
              required: ["code", "message"],
            },
          },
          required: ["error"],
        },
      },
    },
  };
}

function operation(route: Route, pathParameters: string[]): Record<string, unknown> {
  const { body, result } = route;
  return {
    summary: route.summary,
    security: route.access === "session" ? [{ cookie: [] }, { bearer: [] }] : [],
    parameters: pathParameters.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...(body === null ? {} : { requestBody: { required: true, ...requestBody(body) } }),
    responses: {
      "200": result
        ? { description: "Done.", ...json(jsonSchema(result, "output")) }
        : { description: "A file, or nothing." },
      default: { description: "A named refusal.", ...json({ $ref: "#/components/schemas/Error" }) },
    },
  };
}

const requestBody = (body: z.ZodType | "bytes") =>
  body === "bytes" ? { content: { "application/octet-stream": {} } } : json(jsonSchema(body, "input"));

/** `GET /api/v1/openapi.json`. */
export function openApiRoute(routes: readonly Route[]): Route {
  const page = openApi(routes);
  return defineRoute(
    {
      method: "get",
      path: "/openapi.json",
      summary: "This description.",
      access: "anyone",
      body: null,
      result: z.record(z.string(), z.unknown()),
    },
    async () => page,
  );
}
