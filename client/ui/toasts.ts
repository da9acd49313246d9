export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "done" | "wrong";
  readonly undo: { readonly label: string; readonly act: () => void } | undefined;
}

export interface ToastRequest {
  readonly text: string;
  /** "wrong" stays until it is put away: an error must not vanish while someone looks for their glasses. */
  readonly tone?: "done" | "wrong";
  readonly undo?: { readonly label: string; readonly act: () => void };
}

/** How many lie on top of each other; an older one gives way. */
const shown = 3;

/** Time a toast stays, ms: longer when something can be undone, endless when something went wrong. */
export function lifetimeOf(toast: Toast): number {
  if (toast.tone === "wrong") return Number.POSITIVE_INFINITY;
  return toast.undo ? 10_000 : 5_000;
}

export function addToast(toasts: readonly Toast[], id: number, request: ToastRequest): readonly Toast[] {
  const toast: Toast = { id, text: request.text, tone: request.tone ?? "done", undo: request.undo };
  // The same sentence twice in a row is one toast that starts anew.
  const others = toasts.filter((other) => other.text !== toast.text || other.undo || toast.undo);
  return [...others, toast].slice(-shown);
}

export function removeToast(toasts: readonly Toast[], id: number): readonly Toast[] {
  return toasts.filter((toast) => toast.id !== id);
}
