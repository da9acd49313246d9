import * as Y from "yjs";

type Root = Y.Doc["share"] extends Map<string, infer T> ? T : never;

/**
 * A board's document for one edit of the server's own: what the edit writes here is an update for the board. Only the
 * roots it looks at are copied, each when it is asked for, and of a map only what stands at each key now. All else is
 * an empty run of the same length, so that every id and clock is the board's.
 */
export class EditCopy extends Y.Doc {
  readonly #live: Y.Doc;

  /** @param clientId under which the edit is written */
  constructor(live: Y.Doc, clientId: number) {
    super();
    this.#live = live;
    for (const client of live.store.clients.keys())
      this.store.clients.set(client, filled([], client, Y.getState(live.store, client)));
    this.clientID = clientId;
  }

  override get<T extends typeof Y.AbstractType<Y.YEvent<Root>>>(name: string, type?: T): InstanceType<T> {
    const known = this.share.has(name);
    const root = super.get(name, type);
    const live = this.#live.share.get(name);
    if (!known && live !== undefined) this.#place(this.#copyType(live, root));
    return root;
  }

  /** Fills an empty type of this copy. Answers its items and theirs. */
  #copyType(from: Root, to: Root): Y.Item[] {
    const items: Y.Item[] = [];
    let left: Y.Item | null = null;
    for (let item = from._start; item !== null; item = item.right) {
      const copy = this.#copyItem(item, left, to, items);
      if (left === null) to._start = copy;
      else left.right = copy;
      left = copy;
    }
    to._length = from._length;
    for (const [key, item] of from._map) to._map.set(key, this.#copyItem(item, null, to, items));
    return items;
  }

  #copyItem(item: Y.Item, left: Y.Item | null, parent: Root, items: Y.Item[]): Y.Item {
    const { deleted, parentSub: sub } = item;
    const id = Y.createID(item.id.client, item.id.clock);
    const content = deleted ? new Y.ContentDeleted(item.length) : item.content.copy();
    const copy = new Y.Item(id, left, left?.lastId ?? null, null, null, parent, sub, content);
    if (deleted) copy.markDeleted();
    items.push(copy);
    if (content instanceof Y.ContentType && item.content instanceof Y.ContentType) {
      content.type._integrate(this, copy);
      items.push(...this.#copyType(item.content.type, content.type));
    }
    return copy;
  }

  /** Puts copied items where the empty runs were. */
  #place(items: readonly Y.Item[]): void {
    const byClient = Map.groupBy(items, ({ id }) => id.client);
    for (const [client, more] of byClient) {
      const there = (this.store.clients.get(client) ?? []).filter((struct) => struct instanceof Y.Item);
      this.store.clients.set(client, filled([...there, ...more], client, Y.getState(this.store, client)));
    }
  }
}

/** The items of one client in their order, with empty runs in between and up to the end. */
function filled(items: Y.Item[], client: number, end: number): (Y.Item | Y.GC)[] {
  const structs: (Y.Item | Y.GC)[] = [];
  let clock = 0;
  const fillTo = (next: number) => {
    if (next > clock) structs.push(new Y.GC(Y.createID(client, clock), next - clock));
  };
  for (const item of items.sort((a, b) => a.id.clock - b.id.clock)) {
    fillTo(item.id.clock);
    structs.push(item);
    clock = item.id.clock + item.length;
  }
  fillTo(end);
  return structs;
}
