import type { WebSocket } from "ws";
import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import type { SeededHousehold } from "../server/seeded.ts";
import { BoardLink } from "./board-link.ts";
import type { Chance } from "./chance.ts";
import type { Findings } from "./findings.ts";
import type { Site } from "./fleet.ts";
import { type ItemStory, type Ledger, sharedItem } from "./ledger.ts";

export interface WriterOptions {
  name: string;
  household: SeededHousehold;
  sites: Site[];
  at: number;
  boardId: string;
  ledger: Ledger;
  findings: Findings;
  chance: Chance;
  /** Called with what has just been told saved, when nothing newer was written over it. */
  confirmed: (itemId: string, title: string) => void;
}

interface Unsaved {
  story: ItemStory;
  step: number;
  /** The writer's clock after this step; null when it made no structs (a removal). */
  clock: number | null;
  socket: WebSocket | null;
  frame: number;
}

export const itemsOfAWriter = 6;
/** A phone that is offline for long; then the person stops writing. */
const mostUnsaved = 150;

/** One phone of a household: writes, overwrites and takes away things of its own, and keeps what it was told of them. */
export class BoardWriter {
  readonly name: string;
  readonly household: SeededHousehold;
  readonly stories: ItemStory[];
  readonly link: BoardLink;
  /** Closed by the server for good; it can do nothing more. */
  refused = false;
  #unsaved: Unsaved[] = [];
  #writing: Unsaved | null = null;
  #count = 0;
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    const { name, household, sites, at, boardId, ledger, findings } = options;
    this.#options = options;
    this.name = name;
    this.household = household;
    this.stories = Array.from({ length: itemsOfAWriter }, (_, index) =>
      ledger.begin(household.householdId, `${name}-${index}`),
    );
    this.link = new BoardLink({
      sites,
      at,
      boardId,
      token: household.token,
      doc: new Y.Doc(),
      sent: (socket, frames, stepTwo) => this.#sent(socket, frames, stepTwo),
      saved: (...said) => this.#saved(...said),
      refused: (code, reason) => {
        this.refused = true;
        findings.add("refused", `${name} wrote only what it may and was closed with ${code} ${reason}`);
      },
    });
  }

  /** One step of one thing. A title is never used twice. */
  write(): void {
    const { chance, ledger, household, name } = this.#options;
    if (this.refused || this.#unsaved.length >= mostUnsaved) return;
    const { doc } = this.link;
    const story = chance.pick(this.stories);
    const cell = doc.getMap<Y.Map<unknown>>(cellRoot(household.householdId));
    const item = cell.get(story.itemId);
    const title = item && chance.percent(15) ? null : `${name} ${++this.#count}`;
    const unsaved: Unsaved = {
      story,
      step: ledger.step(story, title),
      clock: null,
      socket: null,
      frame: 0,
    };
    this.#unsaved.push(unsaved);
    this.#writing = unsaved;
    const before = Y.getState(doc.store, doc.clientID);
    doc.transact(() => {
      if (title === null) cell.delete(story.itemId);
      else if (item && chance.percent(80)) item.set("title", title);
      else cell.set(story.itemId, newItem(title));
    });
    const after = Y.getState(doc.store, doc.clientID);
    if (after > before) unsaved.clock = after;
    this.#writing = null;
  }

  /** Writes the thing that the other phones of the household write as well; who wins is the document's affair. */
  writeShared(): void {
    const { chance, household, name } = this.#options;
    if (this.refused || this.#unsaved.length >= mostUnsaved) return;
    const { doc } = this.link;
    const cell = doc.getMap<Y.Map<unknown>>(cellRoot(household.householdId));
    const item = cell.get(sharedItem);
    const title = `${name} ${++this.#count} too`;
    doc.transact(() => {
      if (item && chance.percent(10)) cell.delete(sharedItem);
      else if (item && chance.percent(80)) item.set("title", title);
      else cell.set(sharedItem, newItem(title));
    });
  }

  /** Whether the server has said "saved" of everything. */
  get allSaved(): boolean {
    return this.#unsaved.length === 0;
  }

  #sent(socket: WebSocket, frame: number, stepTwo: boolean): void {
    // A step 2 holds everything so far; an update only what is being written now.
    const carried = stepTwo ? this.#unsaved : this.#writing ? [this.#writing] : [];
    for (const each of carried) Object.assign(each, { socket, frame });
  }

  #saved(socket: WebSocket, clientId: number, clock: number, frames: number): void {
    const { doc } = this.link;
    this.#unsaved = this.#unsaved.filter((each) => {
      const byFrame = each.socket === socket && each.frame <= frames;
      const byClock = clientId === doc.clientID && each.clock !== null && each.clock <= clock;
      if (!byFrame && !byClock) return true;
      this.#options.ledger.saved(each.story, each.step);
      const { steps, itemId } = each.story;
      const title = steps[each.step];
      if (each.step === steps.length - 1 && typeof title === "string") this.#options.confirmed(itemId, title);
      return false;
    });
  }
}

export function newItem(title: string): Y.Map<unknown> {
  const item = new Y.Map<unknown>();
  for (const [field, value] of Object.entries({
    title,
    category: "tools",
    note: "",
    quantity: 1,
    order: "a0",
  }))
    item.set(field, value);
  return item;
}
