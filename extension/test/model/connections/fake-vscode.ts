import type { EventEmitter, Memento } from "vscode";

/** As much of VS Code as the models are handed. */

export function emitter<T>(): EventEmitter<T> {
  const listeners = new Set<(value: T) => unknown>();
  return {
    event(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    fire: (value) => listeners.forEach((listener) => listener(value)),
    dispose: () => listeners.clear(),
  };
}

export function memento(): Memento & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
    async update(key, value) {
      values.set(key, structuredClone(value));
    },
  } as Memento & { readonly values: Map<string, unknown> };
}
