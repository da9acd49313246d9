import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./Button.tsx";
import { classNames } from "./class-names.ts";
import styles from "./Toast.module.css";
import { useToastDesk } from "./toast-context.ts";
import { lifetimeOf, type Toast } from "./toasts.ts";

interface ToastOutletProps {
  /** "page" floats above the tabs; "sheet" lies between what scrolls and the buttons, covering neither. */
  readonly place: "page" | "sheet";
}

/** The place where toasts are drawn and heard. The live region is there before its first words are. */
export function ToastOutlet({ place }: ToastOutletProps) {
  const id = useId();
  const { toasts, outlet, openOutlet } = useToastDesk();
  useEffect(() => openOutlet(id), [openOutlet, id]);
  return (
    <div className={styles[place]} aria-live="polite">
      {outlet === id && toasts.map((toast) => <ToastPaper key={toast.id} toast={toast} />)}
    </div>
  );
}

interface ToastPaperProps {
  readonly toast: Toast;
}

function ToastPaper({ toast }: ToastPaperProps) {
  const { t } = useTranslation("ui");
  const { dismiss } = useToastDesk();
  const [kept, setKept] = useState(false);

  useEffect(() => {
    const lifetime = lifetimeOf(toast);
    if (kept || !Number.isFinite(lifetime)) return;
    const timer = setTimeout(() => dismiss(toast.id), lifetime);
    return () => clearTimeout(timer);
  }, [toast, kept, dismiss]);

  const undo = () => {
    toast.undo?.act();
    dismiss(toast.id);
  };
  return (
    // A toast under a finger or holding the focus does not go away.
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here, only waited
    <div
      className={classNames(styles.toast, toast.tone === "wrong" && styles.wrong)}
      onPointerEnter={() => setKept(true)}
      onPointerLeave={() => setKept(false)}
      onFocus={() => setKept(true)}
      onBlur={() => setKept(false)}
    >
      <span className={styles.text}>{toast.text}</span>
      {toast.undo && (
        <Button icon="undo" onClick={undo}>
          {toast.undo.label}
        </Button>
      )}
      <IconButton icon="close" label={t("close")} onClick={() => dismiss(toast.id)} />
    </div>
  );
}
