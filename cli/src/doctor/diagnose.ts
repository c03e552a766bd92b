import { componentFindings, type Limits } from "./component-findings.ts";
import type { Examination } from "./examination.ts";
import type { Finding } from "./finding.ts";
import { serverFindings } from "./server-findings.ts";

/** What is to be said of a server, the server itself first. Pure. */
export const diagnose = (examination: Examination, limits: Limits): readonly Finding[] => [
  ...serverFindings(examination),
  ...componentFindings(examination, limits),
];
