/** After a call that had no answer; a place may be away for days. */
export const FIRST_RETRY_MS = 2_000
export const LAST_RETRY_MS = 120_000
