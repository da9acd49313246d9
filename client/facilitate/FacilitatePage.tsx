import { useTranslation } from "react-i18next";
import { Redirect } from "wouter";
import { LiveProvider, useAppState, useArea } from "../state/app.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { Cockpit } from "./Cockpit.tsx";
import styles from "./facilitate.module.css";

/** The facilitator's screen: a connection of its own, and nothing without the ability to lead. */
export function FacilitatePage() {
  return (
    <LiveProvider>
      <Frame />
    </LiveProvider>
  );
}

function Frame() {
  const { t } = useTranslation("facilitate");
  const status = useAppState((state) => state.status);
  const ready = useAppState(({ areas }) => areas !== null);
  if (status === "signed-out") return <Redirect to="/" replace />;
  const connection = status === "online" ? "online" : status === "offline" ? "offline" : "connecting";
  return (
    <div className={styles.page}>
      <TopBar title={t("title")} back={{ href: "/votes", label: t("back") }} connection={connection} />
      <main className={styles.main}>{ready ? <Gate /> : <LoadingLines what={t("wait")} />}</main>
    </div>
  );
}

function Gate() {
  const { t } = useTranslation("facilitate");
  const mayLead = useArea("identity", (me) => me.abilities.includes("proposal.write"));
  const needsPassword = useArea("identity", (me) => me.needsPassword);
  if (mayLead) return <Cockpit />;
  return (
    <EmptyInvitation
      title={t("notYours.title")}
      text={t(needsPassword ? "notYours.password" : "notYours.text")}
    />
  );
}
