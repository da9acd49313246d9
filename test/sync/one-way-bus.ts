import {
  type BoardBus,
  type BoardNews,
  type LogRow,
  noBus,
  type ShownEntry,
} from "../../server/sync/ports.ts";

/** Writes down what its node tells, and lets it hear what a test chooses. */
export class OneWayBus implements BoardBus {
  readonly told: LogRow[] = [];
  /** Another node has committed this row. */
  hears: (row: LogRow) => void = () => {};
  /** Another node shows these. */
  sees: (entries: readonly ShownEntry[]) => void = () => {};
  readonly askWhoIsThere = noBus.askWhoIsThere;
  readonly askForTurn = noBus.askForTurn;
  readonly presence = noBus.presence;
  readonly occupied = noBus.occupied;
  readonly renewed = noBus.renewed;
  readonly heard = noBus.heard;

  open(_: string, news: BoardNews) {
    this.hears = (row) => news.committed(row);
    this.sees = (entries) => news.presence(entries);
    return { ready: Promise.resolve(), close: () => {} };
  }

  committed(row: LogRow): void {
    this.told.push(row);
  }
}
