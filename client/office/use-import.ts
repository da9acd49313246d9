import { useEffect, useRef, useState } from "react";
import type { AppliedImport, PlannedImport } from "../../shared/community/http.ts";
import type { BadRow, ImportKind } from "../../shared/community/import-plan-table.ts";
import type { WireError } from "../../shared/wire/result.ts";
import { type ChosenFile, checkImport, confirmImport } from "./import-call.ts";

/** How far an import has come. */
export type ImportStep =
  | { readonly step: "choose" }
  | { readonly step: "checking"; readonly name: string }
  | {
      readonly step: "planned";
      readonly file: ChosenFile;
      readonly plan: PlannedImport;
      /** Bad rows the person takes out. */
      readonly leftOut: readonly BadRow[];
      readonly work: "none" | "checking" | "importing";
    }
  | {
      readonly step: "done";
      readonly kind: ImportKind;
      readonly outcome: AppliedImport;
      readonly divided: boolean;
    };

export interface Importing {
  readonly state: ImportStep;
  readonly problem: WireError | undefined;
  readonly choose: (file: File) => Promise<void>;
  readonly leaveOut: (rows: readonly BadRow[]) => Promise<void>;
  readonly confirm: (divide: boolean) => Promise<void>;
  readonly startOver: () => void;
}

const gone: WireError = {
  code: "file-unreadable",
  message: "The file cannot be opened.",
  params: { reason: "file-gone" },
};

/** One file on its way into the courtyard: checked, looked at, imported. Only the newest answer counts. */
export function useImport(courtyardId: string, kind: ImportKind): Importing {
  const [state, setState] = useState<ImportStep>({ step: "choose" });
  const [problem, setProblem] = useState<WireError>();
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );

  const newTurn = (): (() => boolean) => {
    turn.current += 1;
    const mine = turn.current;
    return () => turn.current === mine;
  };

  const check = async (file: ChosenFile, leftOut: readonly BadRow[]): Promise<WireError | undefined> => {
    const current = newTurn();
    const without = leftOut.map(({ line }) => line);
    const answer = await checkImport({ courtyardId, kind, file, without });
    if (!current()) return undefined;
    if (answer.ok) setState({ step: "planned", file, plan: answer.value, leftOut, work: "none" });
    return answer.ok ? undefined : answer.error;
  };

  const choose = async (chosen: File): Promise<void> => {
    setProblem(undefined);
    setState({ step: "checking", name: chosen.name });
    let error: WireError | undefined;
    try {
      error = await check({ name: chosen.name, bytes: await chosen.arrayBuffer() }, []);
    } catch {
      // Taken away or not allowed to be read between choosing and opening.
      error = gone;
    }
    if (!error) return;
    setState({ step: "choose" });
    setProblem(error);
  };

  const leaveOut = async (rows: readonly BadRow[]): Promise<void> => {
    if (state.step !== "planned") return;
    const before = state;
    setProblem(undefined);
    setState({ ...before, plan: sorted(before.plan, before.leftOut, rows), leftOut: rows, work: "checking" });
    const error = await check(before.file, rows);
    if (!error) return;
    setState(before);
    setProblem(error);
  };

  const confirm = async (divide: boolean): Promise<void> => {
    if (state.step !== "planned" || state.work !== "none") return;
    const { file, plan, leftOut } = state;
    const current = newTurn();
    setProblem(undefined);
    setState({ ...state, work: "importing" });
    const without = leftOut.map(({ line }) => line);
    const { fingerprint } = plan;
    const answer = await confirmImport({ courtyardId, kind, file, without }, { fingerprint, divide });
    if (!current()) return;
    if (answer.ok) return setState({ step: "done", kind, outcome: answer.value, divided: divide });
    setState({ ...state, work: "none" });
    setProblem(answer.error);
    // Something moved meanwhile: show what the import would do now.
    if (answer.error.code.startsWith("import-")) await check(file, leftOut);
  };

  const startOver = (): void => {
    newTurn();
    setProblem(undefined);
    setState({ step: "choose" });
  };
  return { state, problem, choose, leaveOut, confirm, startOver };
}

/** The bad rows as they stand until the server has looked again: no row is in both lists, and none is in neither. */
function sorted(plan: PlannedImport, before: readonly BadRow[], now: readonly BadRow[]): PlannedImport {
  const out = new Set(now.map(({ line }) => line));
  const bad = [...plan.bad, ...before].filter(({ line }) => !out.has(line));
  return { ...plan, bad, counts: { ...plan.counts, bad: bad.length } };
}
