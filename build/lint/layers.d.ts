/** Why `file` may not import `source`, or undefined where it may. Both are relative to the root, with slashes. */
export function complaint(file: string, source: string, isType?: boolean): string | undefined
