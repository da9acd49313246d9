import type { Request, Response } from "express";
import type { z } from "zod";
import type { Session } from "../identity/sessions.ts";

export interface RouteContext<B> {
  body: B;
  params: Record<string, string>;
  query: Record<string, string>;
  request: Request;
  response: Response;
  /** The caller; null only on routes open to anyone. */
  session: Session | null;
  /** Address the request came from, for rate limits; never logged. */
  address: string;
  now: number;
}

export interface Route<B extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  method: "get" | "post" | "delete";
  /** Below `/api/v1`, in Express form: `/proposals/:id/result.csv`. */
  path: string;
  summary: string;
  access: "anyone" | "session";
  /** Schema of the JSON body; null when there is none; `bytes` for an uploaded file (a Buffer). */
  body: B | null | "bytes";
  /** Schema of the JSON answer; null when the handler writes a file itself. */
  result: R | null;
  handle(context: RouteContext<unknown>): Promise<unknown>;
}

type BodyOf<B> = B extends z.ZodType ? z.output<B> : B extends "bytes" ? Buffer : null;
type ResultOf<R> = R extends z.ZodType ? z.input<R> : unknown;

/** One entry of the HTTP API; the schemas also write its OpenAPI description. */
export function defineRoute<B extends z.ZodType | null | "bytes", R extends z.ZodType | null>(
  definition: {
    method: Route["method"];
    path: string;
    summary: string;
    access: Route["access"];
    body: B;
    result: R;
  },
  handle: (context: RouteContext<BodyOf<B>>) => Promise<ResultOf<R>>,
): Route {
  return { ...definition, handle: handle as Route["handle"] } as Route;
}
