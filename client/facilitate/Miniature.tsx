import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import styles from "./miniature.module.css";

interface MiniatureProps {
  /** What the picture shows, for those who cannot see it. */
  readonly label: string;
  /** A scene of the wall, which fills the room it is given. */
  readonly children: ReactNode;
}

/** A scene as it hangs on the wall, made as small as its frame. */
export function Miniature({ label, children }: MiniatureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(0);
  useLayoutEffect(() => {
    if (!frame.current || !stage.current) return;
    const { current: outer } = frame;
    const { current: inner } = stage;
    const rescale = () => setScale(outer.clientWidth / inner.offsetWidth);
    rescale();
    // Large text widens the stage, a turned phone the frame.
    const watch = new ResizeObserver(rescale);
    watch.observe(outer);
    watch.observe(inner);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={frame} className={styles.frame} role="img" aria-label={label}>
      <div ref={stage} className={styles.stage} style={{ transform: `scale(${scale})` }} inert>
        {children}
      </div>
    </div>
  );
}
