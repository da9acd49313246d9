import { type MouseEvent, type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./Button.tsx";
import styles from "./Sheet.module.css";
import { ToastOutlet } from "./ToastOutlet.tsx";

interface OpenSheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons that stay in sight below what scrolls. */
  readonly foot?: ReactNode;
}

interface SheetProps extends OpenSheetProps {
  readonly open: boolean;
}

/**
 * A paper laid over the page: from below on a phone, in the middle on a laptop.
 * The browser's own dialog brings the focus trap, Esc and the way back to what was focused before.
 */
export function Sheet({ open, ...rest }: SheetProps) {
  return open ? <OpenSheet {...rest} /> : null;
}

function OpenSheet({ title, onClose, children, foot }: OpenSheetProps) {
  const { t } = useTranslation("ui");
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  // Before the dialog leaves the page: only then does closing give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    const first = element.querySelector<HTMLElement>("[data-first-focus]");
    (first ?? heading.current)?.focus();
    const followKeyboard = () => liftOverKeyboard(element);
    followKeyboard();
    visualViewport?.addEventListener("resize", followKeyboard);
    return () => {
      visualViewport?.removeEventListener("resize", followKeyboard);
      element.close();
    };
  }, []);

  const closeFromScrim = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc, which the dialog handles itself, is the key for it
    <dialog
      ref={dialog}
      className={styles.sheet}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={closeFromScrim}
    >
      <div className={styles.paper}>
        <header className={styles.head}>
          <h2 id={titleId} ref={heading} tabIndex={-1} className={styles.title}>
            {title}
          </h2>
          <IconButton icon="close" label={t("close")} onClick={onClose} />
        </header>
        <div className={styles.body}>{children}</div>
        <ToastOutlet place="sheet" />
        {foot && <footer className={styles.foot}>{foot}</footer>}
      </div>
    </dialog>
  );
}

/** iOS lays its keyboard over the page instead of shrinking it; what is being written must stay above it. */
function liftOverKeyboard(element: HTMLElement): void {
  const hidden = visualViewport ? Math.max(0, window.innerHeight - visualViewport.height) : 0;
  element.style.setProperty("--keyboard", `${Math.round(hidden)}px`);
}
