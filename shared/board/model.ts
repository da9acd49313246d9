/** An item as everyone reads it: always complete, whatever the document holds. */
export type ItemFields = {
  title: string;
  category: string;
  note: string;
  quantity: number;
  /** Fractional order key; items sort by it, then by id. */
  order: string;
};

/** One line of a shared list. */
export type ListEntry = { id: string; text: string; done: boolean; order: string };

/** The notice of a board, plain text. */
export type Notice = { text: string };
