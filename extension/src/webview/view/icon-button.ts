import { html, nothing, type TemplateResult } from "lit";

export interface IconButton {
  /** Its name among the codicons. */
  readonly icon: string;
  readonly label: string;
  readonly onClick: () => void;
  readonly isDisabled?: boolean;
  /** For a button that stays down. */
  readonly isPressed?: boolean;
}

/** A native button with an icon, since only those can be disabled and pressed for every reader. */
export function iconButton({ icon, label, onClick, isDisabled = false, isPressed }: IconButton): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${isPressed ?? nothing}
    ?disabled=${isDisabled}
    @click=${onClick}
  >
    <span class="codicon codicon-${icon}" aria-hidden="true"></span>
  </button>`;
}
