/** How often a store that another program keeps locked is tried, milliseconds. */
export const LOCKED_LOOK_MS = 200
