import { useTranslation } from "react-i18next";
import { classNames } from "../../ui/class-names.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import type { EditState } from "../../wire/board-connection.ts";
import styles from "./cell.module.css";

const icons: Record<EditState, IconName> = {
  saved: "check",
  saving: "clock",
  waiting: "offline",
  stopped: "warning",
};

interface SavedLineProps {
  readonly edits: EditState;
  /** One's own cell: said with the hint that all of the home may write. */
  readonly own?: boolean;
}

/** Where one's writing is: on the server's disk, on its way, or on this device. */
export function SavedLine({ edits, own }: SavedLineProps) {
  const { t } = useTranslation("board");
  return (
    <output className={classNames(styles.saved, styles[edits])}>
      <Icon name={icons[edits]} />
      {t(`edits.${edits}`)}
      {edits === "saved" && own && ` · ${t("cell.shared")}`}
    </output>
  );
}
