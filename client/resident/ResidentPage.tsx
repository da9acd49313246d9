import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAppState } from "../state/app.tsx";
import { Banner } from "../ui/Banner.tsx";
import { TabFrame } from "../ui/TabFrame.tsx";
import { type ConnectionState, TopBar } from "../ui/TopBar.tsx";
import { useTabs } from "./use-tabs.ts";

interface ResidentPageProps {
  readonly title: string;
  /** Where "back" leads; without it this is a first page. */
  readonly back?: { readonly href: string; readonly label: string };
  /** "full" uses the whole width of a laptop, "column" keeps lines readable. */
  readonly width?: "full" | "column";
  /** The page's own line, when it has one besides the app's (the board's). */
  readonly connection?: ConnectionState;
  /** Quiet things at the right edge of the top bar. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of the resident's app: top bar with the state of the line, what waits offline, the tabs. */
export function ResidentPage({ title, back, width, connection, actions, children }: ResidentPageProps) {
  const { t } = useTranslation("ui");
  const status = useAppState((state) => state.status);
  const tabs = useTabs();
  const line: ConnectionState =
    status === "online" ? "online" : status === "offline" ? "offline" : "connecting";
  const shown = worseOf(line, connection ?? line);
  const head = (
    <>
      <TopBar title={title} connection={shown} {...(back && { back })}>
        {actions}
      </TopBar>
      {shown === "offline" && <Banner icon="offline" text={t("offline")} />}
    </>
  );
  return (
    <TabFrame label={t("resident.tabs")} tabs={tabs} head={head} {...(width && { width })}>
      {children}
    </TabFrame>
  );
}

function worseOf(one: ConnectionState, other: ConnectionState): ConnectionState {
  const order: ConnectionState[] = ["online", "connecting", "offline"];
  return order[Math.max(order.indexOf(one), order.indexOf(other))] ?? "connecting";
}
