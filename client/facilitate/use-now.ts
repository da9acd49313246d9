import { useEffect, useReducer } from "react";
import { useServerNow } from "../state/app.tsx";

/** How often a clock on the page is looked at, milliseconds. */
const tick = 500;

/** The server's time, milliseconds, twice a second: for what changes by itself as time goes on. */
export function useNow(): number {
  const serverNow = useServerNow();
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  useEffect(() => {
    const timer = setInterval(look, tick);
    return () => clearInterval(timer);
  }, []);
  return serverNow();
}
