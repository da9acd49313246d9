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
  /** What limits for each address count by (`countedAddress`); never logged. */
  address: string;
  now: number;
}

export interface Route<B extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  method: "get" | "post" | "delete";
  /** Below `/api/v1`, in Express form: `/proposals/:id/result.csv`. */
  path: string;
  summary: string;
  access: "anyone" | "session";
  /**
   * Asked before anything of the body is read, where only some sessions may come. The handler asks again: a large body
   * takes its time, and rights end meanwhile. @throws Refusal
   */
  may?(session: Session, params: Record<string, string>): Promise<unknown>;
  /** Schema of the JSON body; null when there is none; `bytes` for an uploaded file (a Buffer). */
  body: B | null | "bytes";
  /** Schema of the JSON answer; null when the handler writes a file itself. */
  result: R | null;
  handle(context: RouteContext<unknown>): Promise<unknown>;
}

/** A large body is received only from whom the route lets in. */
type Admission<B> = B extends "bytes"
  ? { access: "session"; may: NonNullable<Route["may"]> }
  : { access: Route["access"]; may?: Route["may"] };
type BodyOf<B> = B extends z.ZodType ? z.output<B> : B extends "bytes" ? Buffer : null;
type ResultOf<R> = R extends z.ZodType ? z.input<R> : unknown;

/** One entry of the HTTP API; the schemas also write its OpenAPI description. */
export function defineRoute<B extends z.ZodType | null | "bytes", R extends z.ZodType | null>(
  definition: {
    method: Route["method"];
    path: string;
    summary: string;
    body: B;
    result: R;
  } & Admission<B>,
  handle: (context: RouteContext<BodyOf<B>>) => Promise<ResultOf<R>>,
): Route {
  return { ...definition, handle: handle as Route["handle"] } as Route;
}
