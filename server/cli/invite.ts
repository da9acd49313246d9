import { showCode } from "../../shared/identity/rules.ts";
import { systemClock } from "../clock.ts";
import { toConfig } from "../config/config.ts";
import { revokeSlips, writeSlips } from "../identity/invitations.ts";
import { type Command, given, readArguments, say } from "./command.ts";
import { knownCourtyard, knownHousehold } from "./find-place.ts";
import { withStorage } from "./storage.ts";

/** Who issued a slip that no person did. */
const issuer = "server";

export const inviteCommand: Command = {
  usage: `yuanba invite --courtyard <id|name> --door <door>
Prints the code of a new slip for one household; its old slip stops at once. Works while the server runs.
A door is written as neighbours say it: 3栋2单元501 or 3-2-501.`,
  run: async (args, env) => {
    const { values } = readArguments(args, { courtyard: { type: "string" }, door: { type: "string" } });
    const courtyardName = given(values.courtyard, "--courtyard");
    const doorName = given(values.door, "--door");
    const { publicUrl } = toConfig(env);
    const { code, door, expiresAt } = await withStorage(env, async (storage) => {
      const courtyard = await knownCourtyard(storage.db, courtyardName);
      const household = await knownHousehold(storage.db, courtyard.id, doorName);
      const householdIds = [household.id];
      const now = systemClock.now();
      return storage.write(async ({ db }) => {
        await revokeSlips(db, householdIds, now);
        const slips = await writeSlips(
          db,
          { communityId: courtyard.communityId, householdIds, by: issuer },
          now,
        );
        return { ...slips, door: household.door, code: slips.codes.get(household.id) ?? "" };
      });
    });
    say(showCode(code));
    const until = new Date(expiresAt).toISOString().slice(0, 10);
    process.stderr.write(`${door}, until ${until}${publicUrl ? `: ${publicUrl}/j/${code}` : ""}\n`);
    return 0;
  },
};
