import type { FormEvent, ReactNode } from "react";
import { Link } from "wouter";
import { LanguageChoice } from "../ui/LanguageChoice.tsx";
import styles from "./join.module.css";

interface EntryPaperProps {
  readonly title: string;
  readonly text?: string;
  /** What stands above the title: the door plate. */
  readonly head?: ReactNode;
  readonly children?: ReactNode;
  /** The way back, for those who came here by mistake. */
  readonly back?: { readonly href: string; readonly text: string };
  /** Makes the paper a form. */
  readonly onSubmit?: () => void;
}

/** The one sheet of paper a person sees before they are inside. */
export function EntryPaper({ title, text, head, children, back, onSubmit }: EntryPaperProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  const inner = (
    <>
      {head}
      <h1 className={styles.title}>{title}</h1>
      {text && <p className={styles.text}>{text}</p>}
      {children}
    </>
  );
  return (
    <main className={styles.page}>
      {onSubmit ? (
        <form className={styles.paper} onSubmit={submit} noValidate>
          {inner}
        </form>
      ) : (
        <div className={styles.paper}>{inner}</div>
      )}
      <div className={styles.beside}>
        {back && (
          <Link href={back.href} className={styles.back}>
            {back.text}
          </Link>
        )}
        <LanguageChoice labelHidden />
      </div>
    </main>
  );
}
