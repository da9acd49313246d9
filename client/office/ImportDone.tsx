import { useTranslation } from "react-i18next";
import type { AppliedImport } from "../../shared/community/http.ts";
import type { ImportKind } from "../../shared/community/import-plan-table.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import styles from "./import.module.css";
import office from "./office.module.css";

interface ImportDoneProps {
  readonly kind: ImportKind;
  readonly outcome: AppliedImport;
  /** Each building has a board of its own from now on. */
  readonly divided: boolean;
  readonly onAgain: () => void;
}

/** What came of it, what comes next, and how a mistake is mended. */
export function ImportDone({ kind, outcome, divided, onAgain }: ImportDoneProps) {
  const { t } = useTranslation("office");
  const { added, changed } = outcome;
  const told = [
    ...(added > 0 ? [t(`done.${kind}.added`, { count: added })] : []),
    ...(changed > 0 ? [t(`done.${kind}.changed`, { count: changed })] : []),
    ...(divided ? [t("done.divided")] : []),
    ...(added + changed === 0 && !divided ? [t("done.nothing")] : []),
  ];
  return (
    <div className={styles.done} role="status">
      <h3>{told.join(" ")}</h3>
      <p className={office.soft}>{t(`done.${kind}.mend`)}</p>
      <div className={office.row}>
        <ButtonLink kind="main" href={kind === "households" ? "/office/slips" : "/board"}>
          {t(`done.${kind}.next`)}
        </ButtonLink>
        <Button onClick={onAgain}>{t("done.again")}</Button>
      </div>
    </div>
  );
}
