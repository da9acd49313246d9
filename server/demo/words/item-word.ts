/** One thing neighbours lend, as they would write it on the wall. */
export interface ItemWord {
  title: string;
  /** Remarks that only make sense for this thing; a lender may use one as the note. */
  notes: readonly string[];
  /** The largest quantity one household would have of it. */
  most: number;
}

/** Writes one line of the vocabulary: title, remarks fitting only this thing, largest quantity. */
export function thing(title: string, notes: readonly string[] = [], most = 1): ItemWord {
  return { title, notes, most };
}
