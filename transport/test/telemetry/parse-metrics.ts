/** A line of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all of its lines. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

/** Only `\n` ends a line: other line breaks may stand in labels. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\+Inf|-Inf|NaN|[-+\d.e]+)$/s;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/y;

/** Reads the text as strictly as the format is described. @throws where a line is none of it */
export function parseMetrics(text: string): readonly Family[] {
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const families: (Family & { readonly samples: Sample[] })[] = [];
  let help: readonly string[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const [, kind, name = "", said = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === "HELP") help = [name, said];
    else if (kind === "TYPE") {
      if (help[0] !== name || families.some((family) => family.name === name)) throw new Error(`Out of place: ${line}`);
      families.push({ name, help: help[1] ?? "", type: said, samples: [] });
    } else families.at(-1)?.samples.push(sampleOf(line, families.at(-1)));
  }
  return families;
}

function sampleOf(line: string, family: Family | undefined): Sample {
  const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
  const suffixes = family?.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  if (!suffixes.some((suffix) => `${family?.name}${suffix}` === name))
    throw new Error(`Not of ${family?.name}: ${line}`);
  return { name, labels: labelsOf(labels), value: Number(value.replace("+Inf", "Infinity")) };
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (LABEL.lastIndex = 0; LABEL.lastIndex < text.length;) {
    const found = LABEL.exec(text);
    if (found === null) throw new Error(`No labels: ${text}`);
    const [, name = "", value = ""] = found;
    if (name in labels) throw new Error(`Twice: ${name}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }
  return labels;
}
