import type { FileRefusal } from "../../../shared/community/import-plan-table.ts";

/** Ends the reading of a file with the reason the person is told. Does not leave this folder. */
export class FileRefused extends Error {
  readonly refusal: FileRefusal;

  constructor(refusal: FileRefusal) {
    super(refusal.code);
    this.name = "FileRefused";
    this.refusal = refusal;
  }
}
