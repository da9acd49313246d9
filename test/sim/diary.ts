import type { BoardView } from "../../shared/board/model.ts";

type Noted = {
  boardId: string;
  cell: string;
  itemId: string;
  word: string;
  acked: boolean;
  touched: boolean;
};

/** What people have written, and which of it they were told is saved: the history that the end is checked against. */
export class Diary {
  readonly #items = new Map<string, Noted>();
  #words = 0;
  acked = 0;

  /** A word that nobody has written yet. */
  newWord(): string {
    return `m${++this.#words}`;
  }

  /** Notes what an edit did to a cell; only what nobody touches afterwards can be told to be there at the end. */
  edited(boardId: string, before: BoardView["cells"], after: BoardView["cells"]): void {
    for (const [cell, items] of Object.entries(after)) {
      if (items === before[cell]) continue;
      const was = new Map((before[cell] ?? []).map((item) => [item.id, item.title]));
      for (const { id: itemId, title } of items) {
        const key = `${boardId}/${cell}/${itemId}`;
        const noted = this.#items.get(key);
        const word = was.get(itemId) ?? title;
        if (noted === undefined)
          this.#items.set(key, { boardId, cell, itemId, word, acked: false, touched: word !== title });
        else if (was.get(itemId) !== title) noted.touched = true;
        was.delete(itemId);
      }
      for (const itemId of was.keys()) this.#touch(boardId, cell, itemId);
    }
  }

  /** The server's own edit was told to be saved. */
  imported(boardId: string, cell: string, itemId: string, word: string): void {
    const key = `${boardId}/${cell}/${itemId}`;
    const touched = this.#items.get(key)?.touched ?? false;
    this.#items.set(key, { boardId, cell, itemId, word, acked: true, touched });
  }

  /** The client was told that all it has is saved. */
  saved(boardId: string, words: Iterable<string>): void {
    const known = new Set(words);
    this.acked += known.size;
    for (const noted of this.#items.values())
      if (noted.boardId === boardId && known.has(noted.word)) noted.acked = true;
  }

  /** It was taken away; what the server wrote may be noted only afterwards. */
  #touch(boardId: string, cell: string, itemId: string): void {
    const key = `${boardId}/${cell}/${itemId}`;
    const noted = this.#items.get(key);
    if (noted !== undefined) noted.touched = true;
    else this.#items.set(key, { boardId, cell, itemId, word: "", acked: false, touched: true });
  }

  /** The items that were called saved, that nobody has touched since, and that a board does not show. */
  missing(boardId: string, view: BoardView): string[] {
    return [...this.#items.values()]
      .filter((noted) => noted.boardId === boardId && noted.acked && !noted.touched)
      .filter(
        ({ cell, itemId, word }) =>
          !(view.cells[cell] ?? []).some((item) => item.id === itemId && item.title === word),
      )
      .map(({ cell, word }) => `${word} in ${cell}`);
  }
}
