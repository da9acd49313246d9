import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { QueryResult } from "../../shared/wire/contract.ts";
import { useAct } from "../home/use-act.ts";
import { useServerNow } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { momentText } from "../ui/moment.ts";
import { useToast } from "../ui/toast-context.ts";
import styles from "./screens.module.css";

/** A screen is heard of once a minute; a little longer and it is off. */
const onWithin = 3 * 60_000;
/** How long "really?" stays armed. */
const armedFor = 4_000;

interface HungScreenProps {
  readonly kiosk: QueryResult<"kiosk.list">["kiosks"][number];
  readonly onRemoved: () => void;
}

/** One screen: where, by whom, whether it is on, and the way to take it down. */
export function HungScreen({ kiosk, onRemoved }: HungScreenProps) {
  const { t, i18n } = useTranslation("kiosk");
  const toast = useToast();
  const now = useServerNow()();
  const { act, busy } = useAct();
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => setArmed(false), armedFor);
    return () => clearTimeout(timer);
  }, [armed]);
  const remove = async () => {
    if (!armed) return setArmed(true);
    if (!(await act("kiosk.unpair", { kioskId: kiosk.kioskId }))) return;
    toast({ text: t("screens.removed") });
    onRemoved();
  };
  const { lastSeenAt } = kiosk;
  const seen =
    lastSeenAt === null
      ? t("screens.unseen")
      : now - lastSeenAt < onWithin
        ? t("screens.seenNow")
        : t("screens.seen", { at: momentText(lastSeenAt, now, i18n.language) });
  return (
    <li className={styles.kiosk}>
      <div>
        <h3>{kiosk.name}</h3>
        <p>{seen}</p>
        <p className={styles.soft}>
          {t("screens.by", { who: kiosk.pairedBy, at: momentText(kiosk.pairedAt, now, i18n.language) })}
        </p>
      </div>
      <Button kind={armed ? "danger" : "quiet"} busy={busy} onClick={remove}>
        {t(armed ? "screens.removeSure" : "screens.remove")}
      </Button>
    </li>
  );
}
