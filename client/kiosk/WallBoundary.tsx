import { Component, type ErrorInfo, type ReactNode } from "react";
import { Translation } from "react-i18next";
import styles from "./kiosk.module.css";

const storageKey = "yuanba.wall.broken";
const firstWait = 10_000;
const longestWait = 10 * 60_000;

/** What the wall throws: nobody is there to press a button, so the page opens itself anew, ever more patiently. */
export class WallBoundary extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(error, info.componentStack);
    const times = timesBroken();
    setTimeout(() => location.reload(), Math.min(longestWait, firstWait * 2 ** times));
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <main className={styles.pairing} role="alert">
        <Translation ns="kiosk">{(t) => <p>{t("broken")}</p>}</Translation>
      </main>
    );
  }
}

/** How often it broke since the browser was started. */
function timesBroken(): number {
  try {
    const times = Number(sessionStorage.getItem(storageKey) ?? 0);
    sessionStorage.setItem(storageKey, String(times + 1));
    return times;
  } catch {
    return 0;
  }
}
