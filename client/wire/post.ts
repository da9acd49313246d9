import type { Result, WireError } from "../../shared/wire/result.ts";

const unreachable: WireError = { code: "unreachable", message: "No answer came." };

/** Posts to the HTTP API and answers as a command does; what has no body answers null. */
export async function post<T>(path: string, body: unknown): Promise<Result<T>> {
  try {
    const response = await fetch(`/api/v1${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const answer: unknown = text === "" ? null : JSON.parse(text);
    if (response.ok) return { ok: true, value: answer as T };
    return { ok: false, error: (answer as { error?: WireError } | null)?.error ?? unreachable };
  } catch {
    return { ok: false, error: unreachable };
  }
}
