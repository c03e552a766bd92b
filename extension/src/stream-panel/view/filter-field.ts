import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { type Completion, completionAt, pathsIn } from "../model/filter/completion.ts";
import type { FilterProblem } from "../model/filter/parse-filter.ts";
import type { Row } from "../model/row.ts";

export interface FilterFieldState {
  readonly text: string;
  readonly problem: FilterProblem | undefined;
  /** What is held: types, streams and members that are seen there are offered. */
  readonly rows: readonly Row[];
  readonly onType: (text: string) => void;
  readonly onApply: () => void;
  /** The field is left for the grid. */
  readonly onLeave: () => void;
}

/** Rows that are looked through for what to offer: the newest of those that are held. */
const LOOKED_AT = 300;
const LIST = "filter-options";
const FIELD = "filter-field";

/** The filter's field: what is not understood is underlined, what may be meant is offered. */
export class FilterField {
  readonly #onChange: () => void;
  #isOpen = false;
  /** The option that Enter takes; none until an arrow has gone to one, since Enter is for the filter first. */
  #active = -1;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  template(state: FilterFieldState): TemplateResult {
    const { text, problem } = state;
    const { options } = this.#isOpen ? this.#completion(state) : { options: [] };
    return html`<div class="filter">
      <span class="codicon codicon-filter" aria-hidden="true"></span>
      <div class="filter-text">
        <div class="filter-mirror" aria-hidden="true">${underlined(text, problem)}</div>
        <input
          id=${FIELD}
          type="text"
          role="combobox"
          spellcheck="false"
          autocomplete="off"
          aria-label=${l10n.t("Filter")}
          aria-autocomplete="list"
          aria-expanded=${options.length > 0}
          aria-controls=${LIST}
          aria-invalid=${problem !== undefined}
          aria-activedescendant=${this.#active < 0 || options.length === 0 ? nothing : `${LIST}-${this.#active}`}
          placeholder=${l10n.t('Filter, such as type:Order* $.total>100 "any text" meta:word is:link')}
          .value=${text}
          @input=${(event: InputEvent) => {
            this.#open(true);
            state.onType((event.target as HTMLInputElement).value);
          }}
          @scroll=${(event: Event) => scrollAlong(event.target as HTMLInputElement)}
          @change=${state.onApply}
          @blur=${() => this.#open(false)}
          @keydown=${(event: KeyboardEvent) => this.#onKey(event, options, state)}
        />
      </div>
      <ul
        role="listbox"
        id=${LIST}
        class="filter-options"
        aria-label=${l10n.t("Filter")}
        ?hidden=${options.length === 0}
      >
        ${options.map(
          (option, index) =>
            html`<li
              role="option"
              id="${LIST}-${index}"
              aria-selected=${index === this.#active}
              @mousedown=${(event: MouseEvent) => {
                event.preventDefault();
                this.#take(option, state);
              }}
            >
              ${option}
            </li>`,
        )}
      </ul>
    </div>`;
  }

  focus(): void {
    inputOf()?.focus();
  }

  #onKey(event: KeyboardEvent, options: readonly string[], state: FilterFieldState): void {
    const isListed = options.length > 0;
    const option = options[this.#active];
    if (event.key === " " && event.ctrlKey) this.#open(true);
    else if (isListed && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.#active = (Math.max(this.#active, by < 0 ? 0 : -1) + by + options.length) % options.length;
      this.#onChange();
    } else if (isListed && event.key === "Escape") this.#open(false);
    else if (option !== undefined && (event.key === "Enter" || event.key === "Tab")) this.#take(option, state);
    else if (event.key === "Enter" || event.key === "ArrowDown") {
      this.#open(false);
      state.onApply();
      state.onLeave();
    } else if (event.key === "Escape") state.onLeave();
    else return;
    event.preventDefault();
  }

  #take(option: string, state: FilterFieldState): void {
    const { from, to } = this.#completion(state);
    const text = state.text.slice(0, from) + option + state.text.slice(to);
    this.#open(option.endsWith(":"));
    state.onType(text);
    const input = inputOf();
    if (input === null) return;
    input.value = text;
    input.setSelectionRange(from + option.length, from + option.length);
  }

  #open(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#active = -1;
    this.#onChange();
  }

  #completion({ text, rows }: FilterFieldState): Completion {
    const looked = rows.slice(-LOOKED_AT);
    const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
    return completionAt(text, inputOf()?.selectionStart ?? text.length, {
      types: unique(looked.map(({ type }) => type)),
      streams: unique(looked.map(({ stream }) => stream)),
      paths: unique(looked.flatMap(({ content, preview }) => (content === "json" ? pathsIn(preview) : []))),
    });
  }
}

function inputOf(): HTMLInputElement | null {
  const element = document.getElementById(FIELD);
  return element instanceof HTMLInputElement ? element : null;
}

function underlined(text: string, problem: FilterProblem | undefined): TemplateResult | typeof nothing {
  if (problem === undefined || text === "") return nothing;
  // What is missing at the end is missing behind the last character.
  const from = Math.min(problem.at, text.length - 1);
  const length = Math.max(1, /^\S*/.exec(text.slice(from))?.[0].length ?? 0);
  return html`${text.slice(0, from)}<span>${text.slice(from, from + length)}</span>`;
}

function scrollAlong(input: HTMLInputElement): void {
  const mirror = input.previousElementSibling;
  if (mirror !== null) mirror.scrollLeft = input.scrollLeft;
}
