import { useEffect, useState } from "react";
import type { PinyinOf } from "../../../shared/board/search.ts";

export interface Pinyin {
  /** Null without the dictionary: then letters find only letters. */
  readonly of: PinyinOf | null;
  /** Whether letters can be searched, or whether that is still to come or not to be had now. */
  readonly letters: "ready" | "waiting" | "failed";
}

/** The readings of characters: a dictionary that is fetched only once letters are searched. */
export function usePinyin(wanted: boolean): Pinyin {
  const [of, setOf] = useState<PinyinOf | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!wanted || of) return;
    let gone = false;
    setFailed(false);
    import("../../../shared/board/readings.ts")
      .then(({ createReadings }) => {
        if (!gone) setOf(() => createReadings());
      })
      // Offline before it was ever fetched: words still find, letters do not.
      .catch(() => {
        if (!gone) setFailed(true);
      });
    return () => {
      gone = true;
    };
  }, [wanted, of]);
  return { of, letters: !wanted || of ? "ready" : failed ? "failed" : "waiting" };
}
