import type { Look, Screen, Who } from "./studio.ts";

/** A picture: whose, where, and what they do before it is taken. */
export interface Shot {
  name: string;
  who: Who;
  /** Without it: phone and laptop. */
  screens?: readonly Screen[];
  arrive: (look: Look) => Promise<void>;
  /** The window only: for pages that fill it, and for what lies over them. */
  windowOnly?: boolean;
}

export const handAndDesk: readonly Screen[] = ["phone", "laptop"];
export const everywhere: readonly Screen[] = ["phone", "laptop", "wall"];
