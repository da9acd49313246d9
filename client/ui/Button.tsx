import type { ComponentProps, ReactNode } from "react";
import { Link } from "wouter";
import styles from "./Button.module.css";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./Icon.tsx";

export type ButtonKind = "main" | "quiet" | "danger";

interface Look {
  /** One main button a screen; the rest is quiet. */
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  /** As wide as its column: the one thing to do here. */
  readonly wide?: boolean;
}

interface ButtonProps extends Look, Omit<ComponentProps<"button">, "className"> {
  /** Work is under way: the button keeps its place and its focus, and a second press does nothing. */
  readonly busy?: boolean;
}

function look({ kind = "quiet", wide }: Look): string {
  return classNames(styles.button, styles[kind], wide && styles.wide);
}

/** A button says what it does; it is never smaller than a fingertip. */
export function Button({ kind, icon, wide, busy, onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={look({ kind, wide })}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends Look {
  readonly href: string;
  readonly children: ReactNode;
}

/** Looks like a button, but goes to another page: a link, so that it can be opened in a new tab. */
export function ButtonLink({ kind, icon, wide, href, children }: ButtonLinkProps) {
  return (
    <Link href={href} className={look({ kind, wide })}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "className" | "children"> {
  readonly icon: IconName;
  /** What it does, for those who cannot see the picture. */
  readonly label: string;
}

/** A picture one can press. Only for what everyone knows: close, back, more. */
export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} className={styles.iconButton} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
