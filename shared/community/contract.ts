import { z } from "zod";
import { area } from "../wire/define.ts";
import { id } from "../wire/text.ts";

/** The doors of a courtyard, in the order of the wall. A household is `[id, door]` to keep a large tree small. */
export const placeTree = z.strictObject({
  courtyardId: id,
  name: z.string(),
  boardsAt: z.enum(["courtyard", "building"]),
  version: z.number().int(),
  buildings: z.array(
    z.strictObject({
      id,
      name: z.string(),
      units: z.array(
        z.strictObject({ id, name: z.string(), households: z.array(z.tuple([id, z.string()])) }),
      ),
    }),
  ),
});

export const communityContract = area({
  commands: {},
  queries: {},
  events: {},
  signals: {},
  whispers: {},
  snapshot: z.strictObject({
    places: placeTree.nullable(),
    /** The courtyards this session may look at. */
    courtyards: z.array(z.strictObject({ id, name: z.string() })),
  }),
});
