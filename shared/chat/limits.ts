const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Every bound of the chat, by name. Times are milliseconds. */
export const chatLimits = {
  /** Characters of a message. */
  text: 1_000,
  /** Characters of the reason given for a mute. */
  reason: 200,
  /** Messages of one page of history. */
  page: 50,
  /** Reported messages told at once to those who decide. */
  waiting: 50,
  /** How long the author may change the words. */
  editFor: 10 * minute,
  /** How long the author may take a message back. */
  deleteFor: 24 * hour,
  /** One message a second, five at once, for each resident. */
  messages: { every: second, burst: 5 },
  /** One report a minute, five at once, for each resident. */
  reports: { every: minute, burst: 5 },
  /** How often one resident's typing is passed on. */
  typing: { every: 2 * second, burst: 1 },
  /** A writer who says nothing more is taken for one who stopped. */
  typingFor: 6 * second,
  /** How often a phone says that the channel is on its screen. */
  hereEvery: 20 * second,
  /** Who says nothing for this long has left. */
  hereFor: 50 * second,
  /** The count of those present is told to everyone at most this often. */
  hereToldEvery: 250,
  /** The shortest and the longest mute, in minutes. */
  muteMinutes: { least: 1, most: 30 * 24 * 60 },
} as const;
