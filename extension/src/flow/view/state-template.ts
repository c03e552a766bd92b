import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { formatTime } from "../../webview/view/format.ts";
import { jsonBody } from "../../webview/view/json-body.ts";
import type { CourseStep } from "../model/instance-course.ts";
import type { FlowPicture } from "./flow-picture.ts";
import type { FlowView } from "./flow-view.ts";

/** Lines of a stored state that are laid out at most. */
const LINES = 400;

/** What the stream tells of its instance before and after the event that is looked at, and what was stored of it. */
export function stateTemplate(view: FlowView, picture: FlowPicture): TemplateResult | typeof nothing {
  const step = picture.step(view.activeStep);
  if (step === undefined) return nothing;
  const before = picture.before(step);
  const changed = new Set(step.changes.map(({ path }) => path));
  return html`<section class="state" tabindex="0" aria-label=${l10n.t("State")}>
    <h2>${l10n.t("Values known before and after revision {0}", step.event.revision)}</h2>
    <p class="note faint">
      ${l10n.t("As the events of the stream have named them last. What the code makes of them is not known here.")}
    </p>
    ${
      step.state.size === 0
        ? nothing
        : html`<table class="flow-table" aria-label=${l10n.t("Known values")}>
            <thead>
              <tr>
                <th>${l10n.t("Value")}</th>
                <th>${l10n.t("Before")}</th>
                <th>${l10n.t("After")}</th>
              </tr>
            </thead>
            <tbody>
              ${[...step.state].map(
                ([path, after]) =>
                  html`<tr class=${changed.has(path) ? "changed" : ""}>
                    <td class="wide">${path}</td>
                    <td class="wide">${before.get(path) ?? "–"}</td>
                    <td class="wide">${after}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
    ${stored(step)}
  </section>`;
}

function stored({ snapshot }: CourseStep): TemplateResult | typeof nothing {
  if (snapshot?.state === undefined) return nothing;
  return html`<h2>${l10n.t("State stored at {0}", formatTime(snapshot.created))}</h2>
    ${jsonBody(snapshot.state, LINES).template}`;
}
