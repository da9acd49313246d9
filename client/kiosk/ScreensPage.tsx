import { useTranslation } from "react-i18next";
import { LandingPage } from "../resident/LandingPage.tsx";
import { TooOldPage } from "../resident/TooOldPage.tsx";
import { LiveProvider, useAppState, useArea } from "../state/app.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { Screens } from "./Screens.tsx";
import styles from "./screens.module.css";

/** Where officers and facilitators hang screens up and take them down; the QR on a new screen leads here. */
export function ScreensPage() {
  return (
    <LiveProvider>
      <Gate />
    </LiveProvider>
  );
}

function Gate() {
  const { t } = useTranslation("kiosk");
  const { t: tUi } = useTranslation("ui");
  const status = useAppState((state) => state.status);
  const known = useAppState((state) => state.areas !== null);
  if (status === "signed-out") return <LandingPage />;
  if (status === "too-old") return <TooOldPage />;
  return (
    <>
      <TopBar
        title={t("screens.title")}
        back={{ href: "/home", label: t("screens.back") }}
        connection={status === "online" || status === "offline" ? status : "connecting"}
      />
      <main className={styles.page}>{known ? <Allowed /> : <LoadingLines what={tUi("loading.page")} />}</main>
    </>
  );
}

function Allowed() {
  const { t } = useTranslation("kiosk");
  const allowed = useArea("identity", ({ abilities }) => abilities.includes("kiosk.manage"));
  return allowed ? <Screens /> : <EmptyInvitation title={t("screens.refused")} />;
}
