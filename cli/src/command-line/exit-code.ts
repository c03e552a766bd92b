/** How the program ends, for scripts and CI; the help lists them. */
export const EXIT = {
  /** Done, or there was nothing to do. */
  ok: 0,
  failed: 1,
  /** What was typed cannot be done. */
  misused: 2,
  /** A plan has changes, or something does not run as it should. */
  found: 3,
  /** What a shell calls it when a command was ended by Ctrl-C. */
  stopped: 130,
} as const;

export const EXIT_CODES_HELP = `Exit codes: 0 done, or nothing to do; 1 failed; 2 not understood; 3 there are changes or problems; 130 stopped by Ctrl-C.`;
