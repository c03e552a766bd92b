import * as l10n from "@vscode/l10n";

/** The value of an environment variable; undefined where it is not set. */
export type Environment = (name: string) => string | undefined;

/** A `${env:NAME}` whose variable is not set. */
export class EnvironmentVariableMissingError extends Error {
  override readonly name = "EnvironmentVariableMissingError";
  readonly variable: string;

  constructor(variable: string) {
    super(
      l10n.t(
        "The environment variable {0} is not set. Set it and start VS Code again from there, or write its value into the connection.",
        variable,
      ),
    );
    this.variable = variable;
  }
}

/**
 * The text with each `${env:NAME}` replaced by what the environment says.
 * @throws EnvironmentVariableMissingError
 */
export function withEnvironment(text: string, environment: Environment): string {
  return text.replaceAll(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, variable: string) => {
    const value = environment(variable);
    if (value === undefined) throw new EnvironmentVariableMissingError(variable);
    return value;
  });
}

/** Whether the text is a `${env:NAME}` and nothing else. */
export const isPlaceholder = (text: string): boolean => /^\$\{env:[A-Za-z_][A-Za-z0-9_]*\}$/.test(text);
