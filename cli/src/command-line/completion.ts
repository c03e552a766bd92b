import { type Command, COMMON_OPTIONS } from "./command.ts";
import type { Options } from "./options.ts";

export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A script that lets a shell complete commands, options and their values. It knows all of that by itself: nothing is run for it, and no
 * server is asked. Pure.
 */
export const completionOf = (shell: Shell, commands: readonly Command[]): string =>
  shell === "bash"
    ? forBash(commands)
    : `#compdef sluice\nautoload -U +X bashcompinit && bashcompinit\n${forBash(commands)}`;

function forBash(commands: readonly Command[]): string {
  const cases = commands.flatMap((command) => [command, ...(command.commands ?? [])]).map(caseOf);
  return `_sluice() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" names="\${COMP_WORDS[1]}" words options files=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$word"))
    return
  fi
  case "$names" in
    ${commands
      .filter((command) => command.commands !== undefined)
      .map(({ name }) => name)
      .join("|")})
      [ "$COMP_CWORD" -gt 2 ] && names="$names \${COMP_WORDS[2]}" ;;
  esac
  case "$names" in
${cases.join("\n")}
    *) return ;;
  esac
  case "$names $before" in
${commands
  .flatMap((command) => [command, ...(command.commands ?? [])])
  .flatMap(valueCasesOf)
  .join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *)
      COMPREPLY=($(compgen -W "$words" -- "$word"))
      [ -n "$files" ] && COMPREPLY+=($(compgen -f -- "$word")) ;;
  esac
}
complete -F _sluice sluice
`;
}

function caseOf({ name, options, commands, completes }: Command): string {
  const words = commands?.map((one) => one.name.split(" ").at(-1)) ?? (completes === "files" ? [] : (completes ?? []));
  const names = Object.keys(options).map((option) => `--${option}`);
  const files = completes === "files" ? ` files=yes` : "";
  return `    "${name}") words="${words.join(" ")}" options="${names.join(" ")}"${files} ;;`;
}

/** What stands behind an option: what it chooses from, a file, or what nobody knows here. */
function valueCasesOf({ name, options }: Command): readonly string[] {
  const own: Options = { ...COMMON_OPTIONS, ...options };
  return Object.entries(own)
    .filter(([, { type }]) => type === "string")
    .map(([option, { choices, value }]) => {
      const offered =
        choices !== undefined
          ? `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word"))`
          : value === "FILE"
            ? `COMPREPLY=($(compgen -f -- "$word"))`
            : `:`;
      return `    "${name} --${option}") ${offered}; return ;;`;
    });
}
