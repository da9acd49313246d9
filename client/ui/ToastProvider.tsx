import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { ToastOutlet } from "./ToastOutlet.tsx";
import { ToastContext, type ToastDesk } from "./toast-context.ts";
import { addToast, removeToast, type Toast, type ToastRequest } from "./toasts.ts";

interface ToastProviderProps {
  readonly children: ReactNode;
}

/** Holds what is being said in passing, for the whole app. */
export function ToastProvider({ children }: ToastProviderProps) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const [outlets, setOutlets] = useState<readonly string[]>([]);
  const lastId = useRef(0);

  const show = useCallback((request: ToastRequest) => {
    lastId.current += 1;
    const id = lastId.current;
    setToasts((current) => addToast(current, id, request));
  }, []);
  const dismiss = useCallback((id: number) => setToasts((current) => removeToast(current, id)), []);
  const openOutlet = useCallback((id: string) => {
    setOutlets((current) => [...current, id]);
    return () => setOutlets((current) => current.filter((other) => other !== id));
  }, []);

  const desk = useMemo<ToastDesk>(
    () => ({ toasts, outlet: outlets.at(-1), show, dismiss, openOutlet }),
    [toasts, outlets, show, dismiss, openOutlet],
  );
  return (
    <ToastContext value={desk}>
      <ToastOutlet place="page" />
      {children}
    </ToastContext>
  );
}
