import type { AppliedImport, PlannedImport } from "../../shared/community/http.ts";
import { type ImportKind, importLimits } from "../../shared/community/import-plan-table.ts";
import { writeLines } from "../../shared/community/line-list.ts";
import type { Result, WireError } from "../../shared/wire/result.ts";

/** The bytes of a chosen file, read at once: a file that is saved again meanwhile cannot be read later. */
export interface ChosenFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

export interface ImportCall {
  readonly courtyardId: string;
  readonly kind: ImportKind;
  readonly file: ChosenFile;
  /** Lines left out. */
  readonly without: readonly number[];
}

const unreachable: WireError = { code: "unreachable", message: "No answer came." };
const tooLarge: WireError = {
  code: "file-unreadable",
  message: "The file is too large.",
  params: { reason: "file-too-large", most: importLimits.fileBytes },
};

/** What the import would do. */
export const checkImport = (call: ImportCall): Promise<Result<PlannedImport>> =>
  upload<PlannedImport>(call, { dryRun: "1" });

/** Does just what was shown, or nothing. */
export const confirmImport = (
  call: ImportCall,
  { fingerprint, divide }: { fingerprint: string; divide: boolean },
): Promise<Result<AppliedImport>> =>
  upload<AppliedImport>(call, { seen: fingerprint, ...(divide && { divide: "1" }) });

async function upload<T>(call: ImportCall, query: Record<string, string>): Promise<Result<T>> {
  const { courtyardId, kind, file, without } = call;
  if (file.bytes.byteLength > importLimits.fileBytes) return { ok: false, error: tooLarge };
  const asked = new URLSearchParams({
    ...query,
    ...(without.length > 0 && { without: writeLines(without) }),
  });
  try {
    const response = await fetch(`/api/v1/courtyards/${courtyardId}/imports/${kind}?${asked}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: file.bytes,
    });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as T };
    return { ok: false, error: (answer as { error?: WireError }).error ?? unreachable };
  } catch {
    return { ok: false, error: unreachable };
  }
}
