import { useEffect, useState } from "react";
import { post } from "../wire/post.ts";

/** How often the screen asks whether its code was confirmed, milliseconds. */
const askEvery = 3_000;
/** After no code could be had. */
const restAfterRefusal = 10_000;

interface Pairing {
  code: string;
  secret: string;
  expiresAt: number;
}

export interface PairingView {
  /** What to show; null until the first one came. */
  code: string | null;
  /** The server cannot be reached. */
  offline: boolean;
}

/** Takes the session of a pairing. @returns null when it cannot be known */
export async function claim(secret: string): Promise<"waiting" | "paired" | "over" | null> {
  const answer = await post<{ state: "waiting" | "paired" }>("/kiosk/pairings/claim", { secret });
  if (answer.ok) return answer.value.state;
  return answer.error.code === "pairing-unknown" || answer.error.code === "pairing-expired" ? "over" : null;
}

/** Shows codes, a new one when the last has expired, until somebody confirms one. */
export function usePairing(onPaired: () => void): PairingView {
  const [view, setView] = useState<PairingView>({ code: null, offline: false });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let pairing: Pairing | null = null;
    let stopped = false;
    const step = async (): Promise<void> => {
      let refused = false;
      if (pairing === null) {
        const answer = await post<Pairing>("/kiosk/pairings", {});
        pairing = answer.ok ? answer.value : null;
        refused = !answer.ok;
        if (!stopped) setView({ code: pairing?.code ?? null, offline: !answer.ok });
      } else {
        const state = await claim(pairing.secret);
        if (stopped) return;
        if (state === "paired") return onPaired();
        if (state === "over") pairing = null;
        else setView({ code: pairing.code, offline: state === null });
      }
      if (!stopped) timer = setTimeout(step, refused ? restAfterRefusal : askEvery);
    };
    void step();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [onPaired]);
  return view;
}
