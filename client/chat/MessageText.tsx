import { splitLinks } from "../../shared/chat/links.ts";
import styles from "./message.module.css";

interface MessageTextProps {
  readonly text: string;
}

/** The words as they were written; only web links are made of them, each with the place it really leads to. */
export function MessageText({ text }: MessageTextProps) {
  let from = 0;
  return (
    <p className={styles.text} dir="auto">
      {splitLinks(text).map((part) => {
        const key = from;
        from += part.text.length;
        if (part.kind === "text") return part.text;
        return (
          <span key={key}>
            <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
              {part.text}
            </a>
            <span className={styles.host}> 〔{part.host}〕</span>
          </span>
        );
      })}
    </p>
  );
}
