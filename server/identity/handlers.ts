import type { identityContract } from "../../shared/identity/contract.ts";
import type { Clock } from "../clock.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import { createHouseholdHandlers, type HandlerDeps } from "./household-handlers.ts";
import { presentMe } from "./present.ts";
import { createResidentHandlers } from "./resident-handlers.ts";
import { createSlipHandlers } from "./slip-handlers.ts";
import { createStaffHandlers } from "./staff-handlers.ts";

export function createIdentityHandlers(
  deps: HandlerDeps & { clock: Clock },
): AreaHandlers<typeof identityContract> {
  const parts = {
    household: createHouseholdHandlers(deps),
    residents: createResidentHandlers(deps),
    slips: createSlipHandlers(deps),
    staff: createStaffHandlers(deps),
  };
  return {
    commands: {
      ...parts.household.commands,
      ...parts.residents.commands,
      ...parts.slips.commands,
      ...parts.staff.commands,
    },
    queries: { ...parts.household.queries, ...parts.residents.queries, ...parts.staff.queries },
    whispers: {},
    snapshot: (session) => presentMe(deps, session),
  };
}
