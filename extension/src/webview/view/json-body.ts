import { html, type TemplateResult } from "lit";
import { type JsonLine, jsonLines, spaced } from "../../events/json/format.ts";

/** What is laid out of a body, and whether there is more. */
export interface JsonBody {
  readonly template: TemplateResult;
  readonly hiddenLines: number;
}

/** A JSON text with its parts in the theme's colors, at most so many lines of it. */
export function jsonBody(text: string, atMost: number): JsonBody {
  const lines: JsonLine[] = [];
  let hiddenLines = 0;
  for (const line of jsonLines(text)) {
    if (lines.length < atMost) {
      lines.push(line);
    } else {
      hiddenLines++;
    }
  }
  // prettier-like layout would put space into the text that is copied: the lines are kept together.
  return { template: html`<pre class="body" tabindex="0">${lines.map(lineTemplate)}</pre>`, hiddenLines };
}

function lineTemplate({ depth, tokens }: JsonLine): TemplateResult {
  return html`${"  ".repeat(depth)}${tokens.map((token) => html`<span class="json-${token.kind}">${spaced(token)}</span>`)}${"\n"}`;
}
