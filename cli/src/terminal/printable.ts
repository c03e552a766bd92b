// oxlint-disable-next-line eslint/no-control-regex -- these are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A text of others, such as an exception's, without what a terminal would take for a command to itself. */
export const printable = (text: string): string => text.replaceAll("\r\n", "\n").replaceAll(CONTROLS, "\uFFFD");

/** The same on one line. */
export const oneLine = (text: string): string => printable(text.replaceAll(/\s*\n\s*/g, " "));
