import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import styles from "./kiosk.module.css";
import { PairingScreen } from "./PairingScreen.tsx";
import { PersonHere } from "./PersonHere.tsx";
import { isNight } from "./screen-care.ts";
import { claim } from "./use-pairing.ts";
import { useWakeLock, useWallDocument } from "./use-screen.ts";
import { useDeviceNow, useWall } from "./use-wall.ts";
import { Wall } from "./Wall.tsx";
import { WallBoundary } from "./WallBoundary.tsx";

/** The page of an unattended screen. A link may carry a pairing already confirmed, as `/kiosk#<secret>`. */
export function KioskPage() {
  const [ready, setReady] = useState(location.hash.length < 20);
  useEffect(() => {
    if (ready) return;
    claim(location.hash.slice(1)).then(() => {
      history.replaceState(null, "", location.pathname + location.search);
      setReady(true);
    });
  }, [ready]);
  return <WallBoundary>{ready ? <Screen /> : <Waiting />}</WallBoundary>;
}

function Screen() {
  const { state, line } = useWall();
  const device = useDeviceNow();
  useWallDocument(isNight(device + state.clockOffset));
  useWakeLock();
  const restart = useCallback(() => line?.restart(), [line]);
  if (state.status === "signed-out") return <PairingScreen onPaired={restart} />;
  if (state.holder === "person") return <PersonHere onLeft={restart} />;
  return state.view ? <Wall state={state} line={line} device={device} /> : <Waiting />;
}

function Waiting() {
  const { t } = useTranslation("ui");
  return (
    <main className={styles.pairing}>
      <LoadingLines what={t("loading.page")} />
    </main>
  );
}
