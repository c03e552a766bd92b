import type { Component } from "@sluice/transport";
import type { ComponentShape, From } from "@sluice/transport/topology";

/**
 * The components that a module exports, by name: exported values that are components, and arrays of them. They are known by what they
 * have, since the module has a transport of its own. Pure.
 */
export function componentsIn(
  exported: Readonly<Record<string, unknown>>,
  shapeOf: (component: Component) => ComponentShape,
): readonly ComponentShape[] {
  const found = new Set(
    Object.values(exported)
      .flatMap((value) => [value].flat())
      .filter(isComponent),
  );
  return [...found].map(shapeOf).toSorted(byName);
}

function isComponent(value: unknown): value is Component {
  const { name, options, handlers, eventSourced }: Record<string, unknown> = Object(value);
  return (
    typeof name === "string" &&
    typeof Object(options).messageTimeout === "number" &&
    Array.isArray(handlers) &&
    Array.isArray(eventSourced)
  );
}

/** The components that a file of `sluice describe --json` has; undefined where it is something else. Pure. */
export function describedIn(value: unknown): readonly ComponentShape[] | undefined {
  return Array.isArray(value) && value.every(isShape) ? value.toSorted(byName) : undefined;
}

function isShape(value: unknown): value is ComponentShape {
  const { name, commands, replies, events, categories, messageTimeout }: Record<string, unknown> = Object(value);
  return (
    typeof name === "string" &&
    isTexts(commands) &&
    isTexts(replies) &&
    isFroms(events) &&
    isFroms(categories) &&
    typeof messageTimeout === "number"
  );
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text: unknown) => typeof text === "string");

const isFroms = (value: unknown): value is Readonly<Record<string, From>> =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((from) => from === "now" || from === "start");

const byName = (one: ComponentShape, other: ComponentShape): number => (one.name < other.name ? -1 : 1);
