import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Route, Switch, useLocation } from "wouter";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { NotFoundPage } from "./NotFoundPage.tsx";
import styles from "./pages.module.css";
import { routes } from "./routes.ts";
import { LoadingLines } from "./ui/LoadingLines.tsx";
import { ToastProvider } from "./ui/ToastProvider.tsx";

/** Every page, each fetched when it is first gone to; one that breaks leaves the others standing. */
export function App() {
  const [location] = useLocation();
  return (
    <ToastProvider>
      <ErrorBoundary place={location}>
        <Suspense fallback={<PageWait />}>
          <Switch>
            {routes.map(({ path, Page }) => (
              <Route key={String(path)} path={path} component={Page} />
            ))}
            <Route component={NotFoundPage} />
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </ToastProvider>
  );
}

function PageWait() {
  const { t } = useTranslation("ui");
  return (
    <main className={styles.wait}>
      <LoadingLines what={t("loading.page")} />
    </main>
  );
}
