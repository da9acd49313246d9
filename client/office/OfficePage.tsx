import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Route, Switch, useLocation } from "wouter";
import { NotFoundPage } from "../NotFoundPage.tsx";
import { SlipSheet } from "../people/SlipSheet.tsx";
import type { IssuedSlips } from "../people/Slips.tsx";
import { LandingPage } from "../resident/LandingPage.tsx";
import { TooOldPage } from "../resident/TooOldPage.tsx";
import { LiveProvider, useAppState, useArea } from "../state/app.tsx";
import { Banner } from "../ui/Banner.tsx";
import { classNames } from "../ui/class-names.ts";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { CourtyardPage } from "./CourtyardPage.tsx";
import { CourtyardSwitch } from "./CourtyardSwitch.tsx";
import { readChosenCourtyard } from "./chosen-courtyard.ts";
import { HelpersPage } from "./HelpersPage.tsx";
import { NewCourtyard } from "./NewCourtyard.tsx";
import { OfficeNav } from "./OfficeNav.tsx";
import { OverviewPage } from "./OverviewPage.tsx";
import styles from "./office.module.css";
import { ScreensPage } from "./ScreensPage.tsx";
import { SlipsPage } from "./SlipsPage.tsx";
import { TablesPage } from "./TablesPage.tsx";

/** `/office`: where an officer sets courtyards up and looks after them. */
export function OfficePage() {
  const chosen = readChosenCourtyard();
  return (
    <LiveProvider {...(chosen && { courtyardId: chosen })}>
      <Gate />
    </LiveProvider>
  );
}

function Gate() {
  const { t } = useTranslation("office");
  const status = useAppState((state) => state.status);
  const ready = useAppState(({ areas }) => areas !== null);
  const courtyard = useAppState(({ areas }) => areas?.community.places?.name ?? "");
  const [issued, setIssued] = useState<IssuedSlips | null>(null);
  const [location] = useLocation();
  if (status === "signed-out") return <LandingPage />;
  if (status === "too-old") return <TooOldPage />;
  if (issued) {
    // Alone on the page: the codes are gone once anything else is opened.
    return (
      <div className={styles.frame}>
        <TopBar title={t("nav.slips")} />
        <main className={styles.main}>
          <SlipSheet issued={issued} courtyard={courtyard} onDone={() => setIssued(null)} />
        </main>
      </div>
    );
  }
  const connection = status === "online" || status === "offline" ? status : "connecting";
  const first = location === "/office";
  const back = first ? { href: "/home", label: t("toHome") } : { href: "/office", label: t("toOffice") };
  return (
    <div className={styles.frame}>
      <TopBar title={t("title")} back={back} connection={connection} />
      {status === "offline" && <Banner icon="offline" text={t("offline")} />}
      {ready && <CourtyardSwitch />}
      {ready ? <Allowed first={first} onIssued={setIssued} /> : <Waiting />}
    </div>
  );
}

function Waiting() {
  const { t } = useTranslation("office");
  return (
    <main className={styles.main}>
      <LoadingLines what={t("loading")} />
    </main>
  );
}

interface AllowedProps {
  /** Whether this is the first page of the office, from which a phone goes on. */
  readonly first: boolean;
  readonly onIssued: (issued: IssuedSlips) => void;
}

function Allowed({ first, onIssued }: AllowedProps) {
  const { t } = useTranslation("office");
  const me = useArea("identity", (part) => part);
  const courtyardId = useArea("community", (part) => part.places?.courtyardId);
  if (!me.abilities.includes("import.run")) {
    return (
      <main className={styles.main}>
        <EmptyInvitation
          title={t("notYours.title")}
          text={t(me.needsPassword ? "notYours.password" : "notYours.text")}
        />
      </main>
    );
  }
  if (courtyardId === undefined) {
    return (
      <main className={styles.main}>
        {me.abilities.includes("courtyard.create") ? (
          <NewCourtyard first />
        ) : (
          <EmptyInvitation title={t("noCourtyard.title")} text={t("noCourtyard.text")} />
        )}
      </main>
    );
  }
  return (
    <div className={classNames(styles.body, first && styles.first)}>
      <OfficeNav />
      <main className={styles.main} key={courtyardId}>
        <Switch>
          <Route path="/office" component={OverviewPage} />
          <Route path="/office/tables" component={TablesPage} />
          <Route path="/office/slips">
            <SlipsPage onIssued={onIssued} />
          </Route>
          <Route path="/office/helpers" component={HelpersPage} />
          <Route path="/office/screens" component={ScreensPage} />
          <Route path="/office/courtyard" component={CourtyardPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </main>
    </div>
  );
}
