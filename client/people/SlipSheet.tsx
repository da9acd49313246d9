import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { showCode } from "../../shared/identity/rules.ts";
import type { CommandResult } from "../../shared/wire/contract.ts";
import { Button } from "../ui/Button.tsx";
import { Qr } from "../ui/Qr.tsx";
import styles from "./slips.module.css";

/** Slips on one A4 sheet: two columns of four. */
const onSheet = 8;

interface SlipSheetProps {
  readonly issued: CommandResult<"invitation.issue">;
  readonly courtyard: string;
  readonly onDone: () => void;
}

/** The sheets as they come out of the printer, eight slips a page, to be cut along the dashes. */
export function SlipSheet({ issued, courtyard, onDone }: SlipSheetProps) {
  const { t, i18n } = useTranslation("people");
  const { slips, skipped, expiresAt } = issued;
  const until = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(expiresAt);
  const sheets = Array.from({ length: Math.ceil(slips.length / onSheet) }, (_, index) =>
    slips.slice(index * onSheet, (index + 1) * onSheet),
  );
  // The codes cannot be shown again, so leaving the page by accident is asked about.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  return (
    <section>
      <div className={styles.head}>
        <h2>{t("sheet.title", { count: slips.length })}</h2>
        <p className={styles.warning}>{t("sheet.once")}</p>
        {skipped > 0 && <p>{t("sheet.skipped", { count: skipped })}</p>}
        <Button kind="main" wide onClick={() => window.print()}>
          {t("sheet.print")}
        </Button>
        <Button wide onClick={onDone}>
          {t("sheet.done")}
        </Button>
      </div>
      <div className={styles.sheets}>
        {sheets.map((sheet) => (
          <div key={sheet[0]?.householdId} className={styles.sheet}>
            {sheet.map(({ householdId, door, code }) => (
              <article key={householdId} className={styles.slip}>
                <div className={styles.words}>
                  <p className={styles.courtyard}>{courtyard}</p>
                  <p className={styles.door}>{door}</p>
                  <p>{t("sheet.how")}</p>
                </div>
                <div className={styles.qr}>
                  <Qr text={`${location.origin}/j/${code}`} label={t("sheet.qr", { door })} />
                </div>
                <p className={styles.code}>{showCode(code)}</p>
                <p className={styles.small}>
                  {t("sheet.type", { address: `${location.host}/j` })}
                  <br />
                  {t("sheet.until", { date: until })}
                </p>
              </article>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}
