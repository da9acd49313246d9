import { createContext, useContext } from "react";
import type { Toast, ToastRequest } from "./toasts.ts";

export interface ToastDesk {
  readonly toasts: readonly Toast[];
  /** The outlet that draws them: the one opened last, since a dialog hides whatever lies outside it. */
  readonly outlet: string | undefined;
  readonly show: (request: ToastRequest) => void;
  readonly dismiss: (id: number) => void;
  readonly openOutlet: (id: string) => () => void;
}

export const ToastContext = createContext<ToastDesk | undefined>(undefined);

export function useToastDesk(): ToastDesk {
  const desk = useContext(ToastContext);
  if (!desk) throw new Error("A toast was asked for outside ToastProvider");
  return desk;
}

/** Says something in passing: `toast({ text: "螺丝刀放上去了" })`, with an undo where there is one. */
export function useToast(): (request: ToastRequest) => void {
  return useToastDesk().show;
}
