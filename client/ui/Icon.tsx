import type { ReactNode } from "react";

const drawings = {
  board: (
    <>
      <rect x="3" y="4" width="18" height="16" rx="1.5" />
      <path d="M3 9.5h18M3 14.5h18M9 4v16m6-16v16" />
    </>
  ),
  votes: (
    <>
      <path d="M4 12.5h16V20H4Z" />
      <path d="M8 15.5h8" />
      <path d="M7.5 12.5V3.5h9v9" />
      <path d="m9.8 7.8 1.7 1.7 2.9-3.2" />
    </>
  ),
  chat: <path d="M4 5h16v11.5h-8.5L7 20.5v-4H4Z" />,
  home: (
    <>
      <path d="M3.5 11.5 12 4l8.5 7.5" />
      <path d="M6 9.5V20h12V9.5" />
      <path d="M10 20v-6h4v6" />
    </>
  ),
  back: <path d="m14.5 5-7 7 7 7" />,
  forward: <path d="m9.5 5 7 7-7 7" />,
  down: <path d="m5 9 7 7 7-7" />,
  up: <path d="m5 15 7-7 7 7" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  plus: <path d="M12 5v14M5 12h14" />,
  list: (
    <path d="m4 6 1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11.5 6.5H20M11.5 12.5H20M11.5 18.5H20" />
  ),
  minus: <path d="M5 12h14" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  pencil: (
    <>
      <path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19Z" />
      <path d="m14 6.5 3.5 3.5" />
    </>
  ),
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6.5" />
      <path d="m15.5 15.5 5 5" />
    </>
  ),
  more: <path d="M12 5.5v.01M12 12v.01M12 18.5v.01" strokeWidth="3" />,
  grip: <path d="M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01" strokeWidth="2.8" />,
  warning: (
    <>
      <path d="M12 4 2.5 20h19Z" />
      <path d="M12 10v4.5m0 2.5v.01" />
    </>
  ),
  offline: (
    <>
      <path d="M7 18.5h10a4 4 0 0 0 1-7.9A6 6 0 0 0 6.6 9.2 4.7 4.7 0 0 0 7 18.5Z" />
      <path d="m4 4 16 17" />
    </>
  ),
  undo: (
    <>
      <path d="M8.5 5 4 9.5 8.5 14" />
      <path d="M4 9.5h10a5.5 5.5 0 0 1 0 11h-4" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 6.5V12l4 2.5" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

interface IconFrameProps {
  readonly children: ReactNode;
}

/** One stroke, one size, one colour for every drawing: the size of the text beside it. */
export function IconFrame({ children }: IconFrameProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="1.25em"
      height="1.25em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

interface IconProps {
  readonly name: IconName;
}

/** A drawing without a name of its own: what it means must stand beside it or on its button. */
export function Icon({ name }: IconProps) {
  return <IconFrame>{drawings[name]}</IconFrame>;
}
