import { area } from "../wire/define.ts";
import { nothing } from "../wire/text.ts";

export const kioskContract = area({
  commands: {},
  queries: {},
  events: {},
  signals: {},
  whispers: {},
  snapshot: nothing,
});
