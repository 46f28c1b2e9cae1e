/**
 * Whether a name as the system has it is text. Most systems let names be any bytes; those that are no UTF-8 come as U+FFFD once they are text, and a path of
 * that leads nowhere: the file seems to have gone away.
 */
export const isText = (name: Buffer): boolean => name.equals(Buffer.from(name.toString()))
