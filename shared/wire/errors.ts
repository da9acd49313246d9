/**
 * The closed list of errors that leave the server, with the HTTP status each one has there.
 * The client has one sentence for each in `client/locales/<language>/errors.json`.
 */
export const errorStatus = {
  internal: 500,
  "invalid-input": 400,
  "not-signed-in": 401,
  "not-allowed": 403,
  "not-found": 404,
  "rate-limited": 429,
  "too-large": 413,
  "protocol-unsupported": 426,
  "storage-unavailable": 503,
  "shutting-down": 503,
  /** No answer came; whether it happened is not known. Told by the client itself. */
  unreachable: 504,
  "origin-refused": 403,

  "code-unknown": 404,
  "code-expired": 410,
  "code-revoked": 410,
  "code-used-up": 410,
  "password-wrong": 401,
  "password-weak": 400,
  "locked-out": 429,
  "already-set-up": 409,
  "last-officer": 409,

  "courtyard-exists": 409,
  "courtyard-has-boards": 409,
  "file-unreadable": 422,
  "import-has-bad-rows": 422,
  "import-changed": 409,
  "import-unfinished": 409,

  "item-gone": 404,
  "cell-full": 409,

  "message-gone": 410,
  "edit-too-late": 409,
  muted: 403,

  "proposal-not-draft": 409,
  "proposal-not-open": 409,
  "proposal-not-closed": 409,
  "proposal-closed": 409,
  "proposal-not-revealed": 409,
  "not-on-register": 403,
  "already-voted": 409,
  "option-unknown": 400,
  "draft-unsound": 422,
  "ending-out-of-range": 422,
  "reason-needed": 422,
  "register-empty": 409,
  "too-many-proposals": 409,

  "pairing-unknown": 404,
  "pairing-expired": 410,
} as const;

export type ErrorCode = keyof typeof errorStatus;

export const errorCodes = Object.keys(errorStatus) as ErrorCode[];
