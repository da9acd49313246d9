import type { chatContract } from "../../shared/chat/contract.ts";
import { chatLimits } from "../../shared/chat/limits.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { createPace } from "../pace.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Tell } from "../sockets/tell.ts";
import { audienceOf } from "./access.ts";
import type { Channel, ChannelDirectory } from "./channels.ts";
import { may } from "./policy.ts";
import { createPresence } from "./presence.ts";

/** Who writes and who looks: passed on, never stored. */
export function createPassing(deps: {
  channels: ChannelDirectory;
  tell: Pick<Tell, "signal" | "others" | "hear">;
  now(): number;
  /** Name of a building, "3". */
  buildingName(buildingId: string): Promise<string | null>;
  onFault(error: unknown): void;
}): AreaHandlers<typeof chatContract>["whispers"] {
  const { channels, tell, now, buildingName, onFault } = deps;
  const typing = createPace(chatLimits.typing);
  const looks = createPace({ every: 1_000, burst: 10 });
  const presence = createPresence({ hereFor: chatLimits.hereFor, toldEvery: chatLimits.hereToldEvery });

  tell.hear("node.looks-at-channel", (look) => presence.look(look, now()));

  const inChannel = (
    actor: PersonActor,
    channelId: string,
    act: (channel: Channel) => void | Promise<void>,
  ): void => {
    channels
      .find(channelId)
      .then((channel) => (channel && may(actor, "read", channel) ? act(channel) : undefined))
      .catch(onFault);
  };

  return {
    "chat.typing": ({ channelId }, context) => {
      const actor = context.person();
      if (typing.take(`${actor.residentId} ${channelId}`, context.now) > 0) return;
      inChannel(actor, channelId, async (channel) => {
        const building = actor.household ? await buildingName(actor.household.buildingId) : null;
        const until = context.now + chatLimits.typingFor;
        tell.signal(
          "chat.typing",
          { channelId, residentId: actor.residentId, building, until },
          audienceOf(channel),
          channel.courtyardId,
        );
      });
    },

    "chat.here": ({ channelId, here }, context) => {
      const actor = context.person();
      if (looks.take(actor.residentId, context.now) > 0) return;
      inChannel(actor, channelId, (channel) => {
        const look = { channelId, residentId: actor.residentId, here };
        const { count, tellAll } = presence.look(look, context.now);
        tell.others("node.looks-at-channel", look, channel.courtyardId);
        const all = tellAll ? audienceOf(channel) : { courtyard: null, building: null };
        const resident = here ? actor.residentId : null;
        tell.signal("chat.here", { channelId, count }, { ...all, resident }, channel.courtyardId);
      });
    },
  };
}
