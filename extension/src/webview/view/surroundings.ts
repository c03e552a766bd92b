import * as l10n from "@vscode/l10n";
import { showEnvironment } from "./environment.ts";

/** What a panel's host tells it of the window that it stands in. */
export interface Surroundings {
  /** The texts of the user's language; none for those in the sources. */
  readonly bundle?: Record<string, string>;
  readonly locale: string;
  readonly connection: { readonly color?: string };
}

/** Speaks the user's language from now on, and bears the color of the environment. */
export function takeSurroundings({ bundle, locale, connection }: Surroundings): void {
  if (bundle !== undefined) l10n.config({ contents: bundle });
  document.documentElement.lang = locale;
  showEnvironment(connection.color);
}
