import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Plate } from "../../ui/Plate.tsx";
import type { GridDoor } from "./grid-model.ts";
import styles from "./OpenCell.module.css";

interface OpenCellProps {
  readonly door: GridDoor;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A cell that lies open over its place on the wall: nothing else moves, so no finger misses. */
export function OpenCell({ door, onClose, children }: OpenCellProps) {
  const { t } = useTranslation("ui");
  const { t: tBoard } = useTranslation("board");
  const paper = useRef<HTMLDivElement>(null);
  const [toTheLeft, setToTheLeft] = useState(false);

  useLayoutEffect(() => {
    const before = document.activeElement;
    paper.current?.focus({ preventScroll: true });
    return () => {
      // Only if nothing else was chosen meanwhile: the focus goes back to the plate it came from.
      if (before instanceof HTMLElement && document.activeElement === document.body) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);

  useLayoutEffect(() => {
    const box = paper.current?.getBoundingClientRect();
    if (box && box.right > document.documentElement.clientWidth && !toTheLeft) setToTheLeft(true);
    // Once, as the cell opens: what comes later must not move the page under a finger.
    else paper.current?.scrollIntoView({ block: "nearest" });
  }, [toTheLeft]);

  useEffect(() => {
    const closeFromOutside = (event: PointerEvent) => {
      if (!(event.target instanceof Element) || event.target.closest("dialog")) return;
      // The cell's own plate closes by itself; closing here too would open it again.
      if (!paper.current?.parentElement?.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", closeFromOutside);
    return () => document.removeEventListener("pointerdown", closeFromOutside);
  }, [onClose]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes it from anywhere inside
    <div
      ref={paper}
      tabIndex={-1}
      className={classNames(styles.paper, toTheLeft && styles.toTheLeft)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header className={styles.head}>
        <Plate text={door.address} />
        {door.mine && <strong className={styles.own}>{tBoard("grid.mine")}</strong>}
        <span className={styles.close}>
          <IconButton icon="close" label={t("close")} onClick={onClose} />
        </span>
      </header>
      {children}
    </div>
  );
}
