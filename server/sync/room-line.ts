import type { BoardBus, BoardNews } from "./ports.ts";
import type { Timers } from "./timers.ts";

/** How long other nodes have to say that somebody is there, milliseconds. */
const answerMs = 500;

type Hooks = Omit<BoardNews, "whoIsThere" | "occupied"> & {
  /** Another node asks what is shown here. */
  showOurs(): void;
  /** Whether somebody is here. */
  occupied(): boolean;
};

/** What one room hears from the rooms of the same board on other nodes, and asks them. */
export class RoomLine {
  /** Settles when everything told from now on is heard. */
  readonly ready: Promise<void>;
  readonly close: () => void;
  readonly #boardId: string;
  readonly #ports: { bus: BoardBus; timers: Timers };
  /** When another node last said that somebody is there. */
  #occupiedAt = Number.NEGATIVE_INFINITY;

  constructor(
    boardId: string,
    ports: { bus: BoardBus; timers: Timers },
    { showOurs, occupied, ...news }: Hooks,
  ) {
    const { bus, timers } = ports;
    this.#boardId = boardId;
    this.#ports = ports;
    const { ready, close } = bus.open(boardId, {
      ...news,
      whoIsThere: () => {
        showOurs();
        if (occupied()) bus.occupied(boardId);
      },
      occupied: () => {
        this.#occupiedAt = timers.now();
      },
    });
    this.ready = ready;
    this.close = close;
  }

  /** Whether no other node says that somebody is there. False also while they cannot be heard. */
  async nobodyElsewhere(): Promise<boolean> {
    const { bus, timers } = this.#ports;
    if (!bus.heard()) return false;
    bus.askWhoIsThere(this.#boardId);
    await new Promise<void>((resolve) => {
      timers.after(answerMs, resolve);
    });
    return timers.now() - this.#occupiedAt > answerMs;
  }
}
