import { type BoardBus, type BoardNews, type LogRow, noBus } from "../../server/sync/ports.ts";

/** Writes down what its node tells, and lets it hear what a test chooses. */
export class OneWayBus implements BoardBus {
  readonly told: LogRow[] = [];
  hears: (row: LogRow) => void = () => {};
  readonly askWhoIsThere = noBus.askWhoIsThere;
  readonly askForTurn = noBus.askForTurn;
  readonly presence = noBus.presence;
  readonly occupied = noBus.occupied;
  readonly renewed = noBus.renewed;
  readonly heard = noBus.heard;

  open(_: string, news: BoardNews) {
    this.hears = (row) => news.committed(row);
    return { ready: Promise.resolve(), close: () => {} };
  }

  committed(row: LogRow): void {
    this.told.push(row);
  }
}
