import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./PlaceChips.module.css";

interface Chip {
  readonly id: string;
  readonly text: string;
  readonly home: boolean;
}

interface ChipRowProps {
  readonly chips: readonly Chip[];
  readonly current: string | undefined;
  readonly onPick: (id: string) => void;
}

/** A row that scrolls sideways by itself to where one is; it never moves the page. */
export function ChipRow({ chips, current, onPick }: ChipRowProps) {
  const { t } = useTranslation("board");
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = row.current;
    const chip = current === undefined ? null : element?.querySelector<HTMLElement>('[aria-current="true"]');
    if (!element || !chip) return;
    element.scrollLeft = chip.offsetLeft - (element.clientWidth - chip.clientWidth) / 2;
  }, [current]);
  return (
    <div className={styles.row} ref={row}>
      {chips.map((chip) => (
        <button
          key={chip.id}
          type="button"
          className={styles.chip}
          aria-current={chip.id === current ? "true" : undefined}
          onClick={() => onPick(chip.id)}
        >
          {chip.home && <Icon name="home" />}
          {chip.text}
          {chip.home && <span className="only-heard">{t("grid.mine")}</span>}
        </button>
      ))}
    </div>
  );
}
