import { html, nothing, type TemplateResult } from "lit";

/** Whose streams these are, in the color of the environment. */
export function environment(name: string, color: string): TemplateResult | typeof nothing {
  return name === ""
    ? nothing
    : html`<span class="environment" data-color=${color}>
        <span class="codicon codicon-circle-filled" aria-hidden="true"></span>${name}
      </span>`;
}

/** The same color along the panel's edge. */
export function showEnvironment(color: string | undefined): void {
  if (color === undefined) delete document.body.dataset["color"];
  else document.body.dataset["color"] = color;
}
