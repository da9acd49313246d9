import { z } from "zod";
import { area, command, event } from "../wire/define.ts";
import { id, line, nothing } from "../wire/text.ts";
import { longestCourtyardName } from "./places.ts";

const boardsAt = z.enum(["courtyard", "building"]);

/** The doors of a courtyard, in the order of the wall. A household is `[id, door]` to keep a large tree small. */
export const placeTree = z.strictObject({
  courtyardId: id,
  name: z.string(),
  boardsAt,
  /** With boards at buildings: whether residents may look at the other buildings' boards. */
  openBoards: z.boolean(),
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

const courtyards = z.array(z.strictObject({ id, name: z.string() }));
const courtyardName = line(longestCourtyardName);

export const communityContract = area({
  commands: {
    "courtyard.create": command(
      "Adds a courtyard to the community. A repeat with the same courtyardId makes no second one.",
      z.strictObject({ courtyardId: id, name: courtyardName, boardsAt, openBoards: z.boolean() }),
      nothing,
    ),
    "courtyard.rename": command(
      "Gives a courtyard another name. Repeating it changes nothing more.",
      z.strictObject({ courtyardId: id, name: courtyardName }),
      nothing,
    ),
    "courtyard.set-open-boards": command(
      "Whether residents may look at the boards of the courtyard's other buildings. Repeating it changes nothing more.",
      z.strictObject({ courtyardId: id, openBoards: z.boolean() }),
      nothing,
    ),
  },
  queries: {},
  events: {
    "places.have-changed": event(
      "The courtyard as it is now, after an import or a new name.",
      ["courtyard", "wall"],
      z.strictObject({ places: placeTree }),
    ),
    "courtyards.have-changed": event(
      "All courtyards of the community, for people whose role reaches all of them.",
      ["resident"],
      z.strictObject({ courtyards }),
    ),
    "boards.have-changed": event(
      "Which boards there are, or who may look at them, is another now; a client takes a fresh snapshot.",
      ["courtyard"],
      nothing,
    ),
  },
  signals: {},
  whispers: {},
  snapshot: z.strictObject({
    places: placeTree.nullable(),
    /** The courtyards this session may look at. */
    courtyards,
  }),
});
