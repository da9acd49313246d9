import { useTranslation } from "react-i18next";
import type { QueryResult } from "../../shared/wire/contract.ts";
import { useServerNow } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./home.module.css";
import { useAct } from "./use-act.ts";

const hour = 3_600_000;
const day = 24 * hour;

interface DeviceRowProps {
  readonly device: QueryResult<"household.mine">["members"][number]["devices"][number];
  /** The device this page is on. */
  readonly mine: boolean;
}

/** A phone or computer that is signed in, and the way to sign it out from here. */
export function DeviceRow({ device, mine }: DeviceRowProps) {
  const { t } = useTranslation("home");
  const { busy, act } = useAct();
  const toast = useToast();
  const serverNow = useServerNow();
  const name = t("device.name", { system: t(`system.${device.system}`), app: t(`app.${device.app}`) });
  const ago = serverNow() - device.seenAt;
  // The server notes use by the hour, so anything finer would be made up.
  const seen =
    ago < 2 * hour
      ? t("device.lately")
      : ago < day
        ? t("device.today")
        : t("device.days", { count: Math.floor(ago / day) });
  const end = async () => {
    if (await act("session.end", { sessionId: device.sessionId }))
      toast({ text: t("device.ended", { name }) });
  };
  return (
    <div className={styles.device}>
      <p className={styles.deviceName}>
        {name}
        <br />
        <span className={styles.soft}>{mine ? t("device.here") : seen}</span>
      </p>
      {!mine && (
        <Button busy={busy} onClick={end} aria-label={t("device.endNamed", { name })}>
          {t("device.end")}
        </Button>
      )}
    </div>
  );
}
