import type { RescuePlaces } from "../../shared/board/rescue.ts";
import { BoardConnection, type Mishap } from "../wire/board-connection.ts";
import { copiesOnDevice } from "../wire/board-copy.ts";
import { BoardView } from "./board-view.ts";
import { Visit } from "./visit.ts";

/** A board somebody looks at, or whose edits are still on their way. */
export interface OpenBoard {
  readonly boardId: string;
  readonly connection: BoardConnection;
  readonly view: BoardView;
}

interface PoolOptions {
  residentId: string;
  /** "wss://…/yjs" */
  url: string;
  /** Where this person may write on a board now. */
  mine: (boardId: string) => RescuePlaces;
  onMishap: (mishap: Mishap) => void;
}

interface Kept extends OpenBoard {
  readonly visit: Visit;
  users: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A board that is left stays open this long, for those who only looked around the corner, milliseconds. */
const lingerMs = 15_000;

/** The open boards of a page. Each is opened when it is first asked for and closed when it is left and saved. */
export class BoardPool {
  readonly #options: PoolOptions;
  readonly #boards = new Map<string, Kept>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  open(boardId: string): OpenBoard {
    const board = this.#boards.get(boardId) ?? this.#create(boardId);
    clearTimeout(board.timer);
    board.users += 1;
    return board;
  }

  leave(boardId: string): void {
    const board = this.#boards.get(boardId);
    if (!board) return;
    board.users -= 1;
    if (board.users === 0) this.#closeSoon(board);
  }

  /** The network is gone, or is back. */
  network(online: boolean): void {
    for (const { connection } of this.#boards.values()) {
      if (online) connection.retry();
      else connection.goOffline();
    }
  }

  /** Remembers what has been looked at; called when the page is put away. */
  keepVisits(): void {
    for (const { visit, connection } of this.#boards.values())
      if (connection.status.get().loaded) visit.keep(connection.document.get(), Date.now());
  }

  close(): void {
    for (const board of [...this.#boards.values()]) this.#close(board);
  }

  #create(boardId: string): Kept {
    const { residentId, url, mine, onMishap } = this.#options;
    const connection = new BoardConnection({
      url,
      boardId,
      openCopy: copiesOnDevice(residentId, boardId),
      mine: () => mine(boardId),
      onMishap,
      now: Date.now,
    });
    const visit = new Visit(residentId, boardId, Date.now());
    const view = new BoardView(connection, visit);
    const look = () => {
      if (connection.status.get().line === "online") visit.firstLook(connection.document.get());
    };
    connection.status.subscribe(look);
    const board: Kept = { boardId, connection, view, visit, users: 0, timer: undefined };
    this.#boards.set(boardId, board);
    return board;
  }

  #closeSoon(board: Kept): void {
    board.timer = setTimeout(() => {
      // What is not saved yet keeps its line, however long the way is.
      if (board.connection.status.get().edits === "saved") this.#close(board);
      else this.#closeSoon(board);
    }, lingerMs);
  }

  #close(board: Kept): void {
    clearTimeout(board.timer);
    if (board.connection.status.get().loaded) board.visit.keep(board.connection.document.get(), Date.now());
    board.view.destroy();
    board.connection.close();
    this.#boards.delete(board.boardId);
  }
}
