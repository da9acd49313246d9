import type { Kysely } from "kysely";
import type { PersonActor } from "../../shared/identity/model.ts";
import type { EventAudience } from "../../shared/wire/contract.ts";
import { Refusal } from "../refusal.ts";
import type { Schema } from "../storage/schema.ts";
import type { Channel, ChannelDirectory } from "./channels.ts";
import { findMessage, type StoredMessage } from "./messages.ts";
import { type ChannelVerb, may } from "./policy.ts";

/** Who hears what happens in a channel. */
export const audienceOf = ({ courtyardId, buildingId }: Channel): EventAudience<"chat.message-was-posted"> =>
  buildingId === null
    ? { courtyard: courtyardId, building: null }
    : { courtyard: null, building: buildingId };

/** Finds what a person names, if they may. What they may not read does not exist for them. */
export function createAccess(deps: { db: Kysely<Schema>; channels: ChannelDirectory }) {
  const { db, channels } = deps;

  const channel = async (actor: PersonActor, channelId: string, verb: ChannelVerb): Promise<Channel> => {
    const found = await channels.find(channelId);
    if (!found || !may(actor, "read", found))
      throw new Refusal("not-found", "There is no such channel here.");
    if (!may(actor, verb, found)) throw new Refusal("not-allowed", `May not ${verb} in this channel.`);
    return found;
  };

  return {
    channel,
    message: async (
      actor: PersonActor,
      messageId: string,
      verb: ChannelVerb,
    ): Promise<{ message: StoredMessage; channel: Channel }> => {
      const message = await findMessage(db, messageId);
      if (!message) throw new Refusal("not-found", "There is no such message.");
      return { message, channel: await channel(actor, message.channelId, verb) };
    },
  };
}
export type Access = ReturnType<typeof createAccess>;

/** A message that was there a moment ago and must be there in the unit too. */
export function present(message: StoredMessage | null): StoredMessage {
  if (!message) throw new Refusal("not-found", "There is no such message.");
  return message;
}
