import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, Route, Switch } from "wouter";
import { BoardPage } from "../board/BoardPage.tsx";
import { BoardsProvider } from "../board/BoardsProvider.tsx";
import { NotFoundPage } from "../NotFoundPage.tsx";
import { LiveProvider, useAppState } from "../state/app.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { LandingPage } from "./LandingPage.tsx";
import { ResidentPage } from "./ResidentPage.tsx";
import { TooOldPage } from "./TooOldPage.tsx";
import { tabPages } from "./tab-pages.ts";

/** The app of a resident: four tabs over one connection and one set of open boards. */
export function ResidentApp() {
  return (
    <LiveProvider>
      <Gate />
    </LiveProvider>
  );
}

/** Decides by the state of the connection whether there is anything to show, and to whom. */
function Gate() {
  const status = useAppState((state) => state.status);
  const residentId = useAppState((state) => state.areas?.identity.residentId);
  if (status === "signed-out") return <LandingPage />;
  if (status === "too-old") return <TooOldPage />;
  if (residentId === undefined) return <FirstWait />;
  return (
    <BoardsProvider key={residentId}>
      <Switch>
        <Route path="/">
          <Redirect to="/board" replace />
        </Route>
        <Route path="/board/*?" component={BoardPage} />
        {tabPages.map(({ path, Page }) => (
          <Route key={path} path={path}>
            <Suspense fallback={<PageWait />}>
              <Page />
            </Suspense>
          </Route>
        ))}
        <Route component={NotFoundPage} />
      </Switch>
    </BoardsProvider>
  );
}

function PageWait() {
  const { t } = useTranslation("ui");
  return (
    <ResidentPage title="">
      <LoadingLines what={t("loading.page")} />
    </ResidentPage>
  );
}

function FirstWait() {
  const { t } = useTranslation("ui");
  const offline = useAppState((state) => state.status === "offline");
  return (
    <ResidentPage title={t("resident.name")}>
      <LoadingLines what={t(offline ? "resident.waitOffline" : "resident.wait")} />
    </ResidentPage>
  );
}
