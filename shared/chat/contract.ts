import { area } from "../wire/define.ts";
import { nothing } from "../wire/text.ts";

export const chatContract = area({
  commands: {},
  queries: {},
  events: {},
  signals: {},
  whispers: {},
  snapshot: nothing,
});
