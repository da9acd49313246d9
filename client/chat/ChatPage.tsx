import { useTranslation } from "react-i18next";
import { useRoute } from "wouter";
import { ResidentPage } from "../resident/ResidentPage.tsx";
import { useArea } from "../state/app.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { ChannelSwitch } from "./ChannelSwitch.tsx";
import { ChannelView } from "./ChannelView.tsx";
import type { ChatState } from "./reducer.ts";

const channelsOf = ({ channels }: ChatState) => channels;

/** The chat tab: one channel of the courtyard or of a building at a time. */
export function ChatPage() {
  const { t } = useTranslation("chat");
  const channels = useArea("chat", channelsOf);
  const [, params] = useRoute("/chat/:channelId");
  const channel = channels.find(({ id }) => id === params?.channelId) ?? channels[0];
  return (
    <ResidentPage title={t("title")}>
      {channel ? (
        <ChannelView
          key={channel.id}
          channelId={channel.id}
          top={channels.length > 1 && <ChannelSwitch channels={channels} current={channel.id} />}
        />
      ) : (
        <EmptyInvitation title={t("noChannel")} text={t("noChannelText")} />
      )}
    </ResidentPage>
  );
}
