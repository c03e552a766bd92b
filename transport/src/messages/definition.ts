import { requireComponentName } from "../topology/component-name.ts";
import { requireMessageType } from "../topology/message-type.ts";
import type { JsonBody } from "./json-body.ts";
import { NotABase } from "./not-a-base.ts";
import type { SchemaInput, SchemaOutput, StandardSchema } from "./standard-schema.ts";
import type { Timing } from "./timing.ts";

/**
 * What a message is for. A command asks one component to do something; an event tells whoever subscribed that something has
 * happened; a reply answers the sender of the message being handled.
 */
export type MessageKind = "command" | "event" | "reply";

/** A message definition without the type of its body: what routing and receiving need to know. */
export interface MessageIdentity {
  readonly kind: MessageKind;
  /** Name on the wire, the event type in EventStoreDB, such as `sales.OrderPlaced`. */
  readonly type: string;
  /** The component that owns a command; events and replies have none. */
  readonly to?: string;
  /** Types that an event extends, with all that these extend. */
  readonly baseTypes?: readonly string[];
  /** Other events may extend this one: who handles it gets them, too. */
  readonly isBase?: boolean;
  /** Checks bodies where they leave and where they arrive. */
  readonly schema?: StandardSchema;
}

/**
 * A type of message. Calling it makes a message: `OrderPlaced({ orderId, total })`, which is what the pure functions
 * (`decide`, receptors, gateways) return. `Body` is what handlers get, `Sent` what senders give; they differ only where a
 * schema transforms.
 */
export interface MessageDefinition<
  Body extends object,
  Sent extends object = Body,
  Kind extends MessageKind = MessageKind,
  Type extends string = string,
> extends MessageIdentity {
  readonly kind: Kind;
  readonly type: Type;
  (body: Sent): Message<Kind, Type>;
  /** Never set: carries the type of the body to those who handle it. */
  readonly handled?: Body;
}

/** A type of message that tells what has happened; any number of components subscribe by handling it. */
export interface EventDefinition<
  Body extends object,
  Sent extends object = Body,
  Type extends string = string,
> extends MessageDefinition<Body, Sent, "event", Type> {
  readonly kind: "event";
}

/** A type of message that asks one component, its owner, to do something. */
export interface CommandDefinition<
  Body extends object,
  Sent extends object = Body,
  Type extends string = string,
> extends MessageDefinition<Body, Sent, "command", Type> {
  readonly kind: "command";
  readonly to: string;
}

/** A type of message that answers whoever sent the message being handled. */
export interface ReplyDefinition<
  Body extends object,
  Sent extends object = Body,
  Type extends string = string,
> extends MessageDefinition<Body, Sent, "reply", Type> {
  readonly kind: "reply";
}

/** A message that is not sent yet: its type and its body, a JSON object or array, or bytes. */
export interface Message<Kind extends MessageKind = MessageKind, Type extends string = string> {
  readonly definition: MessageIdentity & { readonly kind: Kind; readonly type: Type };
  readonly body: object;
  /** When it is to be handled, and until when; see `defer`. */
  readonly timing?: Timing;
  /** It is no message itself, but cancels those of its type; see `cancelDeferred`. */
  readonly cancels?: true;
}

/** How an event relates to others. */
export interface EventOptions {
  /** Events that this one is a kind of: who handles one of them gets this one, too. Its body must have all that theirs have. */
  readonly extends?: readonly MessageIdentity[];
  /**
   * Lets others extend it. Default false: then its subscribers get exactly this type, which the server picks out for them at less
   * cost.
   */
  readonly isBase?: boolean;
}

/**
 * Defers a command that a pure function returns, such as the timeout of a process manager, which is a command to its own component:
 * `defer(CancelOrder({ orderId }), { delayFor: 3_600_000 })`. It leaves in one append with all else that the function decides.
 */
export const defer = <Deferred extends Message>(message: Deferred, timing: Timing): Deferred =>
  Object.freeze({ ...message, timing: { ...message.timing, ...timing } });

/**
 * Lets an aggregate or process manager cancel what its instance has deferred of a type, and what still waits for its time:
 * `[OrderPaid({ orderId }), cancelDeferred(PaymentOverdue)]`. It leaves in one append with all else that the function decides.
 */
export const cancelDeferred = (definition: CommandDefinition<object, never>): Message<"command"> =>
  Object.freeze({ definition, body: {}, cancels: true as const });

/**
 * Declares an event: `event("sales.OrderPlaced")<{ orderId: string }>()`, or with any Standard Schema
 * `event("sales.OrderPlaced")(schema)`, which then checks each body where it is sent and where it is received.
 *
 * ```ts
 * const OrderPlaced = event("sales.OrderPlaced", { isBase: true })<{ orderId: string }>();
 * const BigOrderPlaced = event("sales.BigOrderPlaced", { extends: [OrderPlaced] })<{ orderId: string; approvedBy: string }>();
 * ```
 * `event("sales.*")` stands for all events whose types begin with `sales.`: it can be handled, and not be published.
 * @throws InvalidName for a type that is not letters, digits and `. _ : / + -` after a first letter, or longer than 200;
 *   NotABase where it extends an event that was not declared `isBase`.
 */
export function event<const Type extends string>(
  type: Type,
  { extends: bases = [], isBase = false }: EventOptions = {},
): {
  <Body extends Uint8Array>(): EventDefinition<Body, Body, Type>;
  <Body extends JsonBody<Body>>(): EventDefinition<Body, Body, Type>;
  <S extends StandardSchema<object, object>>(schema: S): EventDefinition<SchemaOutput<S>, SchemaInput<S>, Type>;
} & BodyMissing<"event"> {
  requireMessageType(type.replace(/\.\*$/, ""));
  const baseTypes = allBaseTypes(type, bases);
  const identity = {
    kind: "event" as const,
    type,
    ...(baseTypes.length === 0 ? {} : { baseTypes }),
    ...(isBase ? { isBase } : {}),
  };
  return withBody((schema) => define<EventDefinition<object, never, Type>>(identity, schema));
}

/**
 * Declares a command and the component that owns it: `command("billing.ChargeCard", { to: "billing" })<{ amount: number }>()`,
 * or with a Standard Schema in place of the type.
 * @throws InvalidName for a bad type or a `to` that is no component name.
 */
export function command<const Type extends string>(
  type: Type,
  options: { readonly to: string },
): {
  <Body extends Uint8Array>(): CommandDefinition<Body, Body, Type>;
  <Body extends JsonBody<Body>>(): CommandDefinition<Body, Body, Type>;
  <S extends StandardSchema<object, object>>(schema: S): CommandDefinition<SchemaOutput<S>, SchemaInput<S>, Type>;
} & BodyMissing<"command"> {
  requireMessageType(type);
  requireComponentName(options.to);
  return withBody((schema) =>
    define<CommandDefinition<object, never, Type>>({ kind: "command", type, to: options.to }, schema),
  );
}

/**
 * Declares a reply: `reply("billing.CardCharged")<{ receipt: string }>()`, or with a Standard Schema in place of the type.
 * It goes to whoever sent the message being handled; nobody subscribes to it.
 * @throws InvalidName for a bad type.
 */
export function reply<const Type extends string>(
  type: Type,
): {
  <Body extends Uint8Array>(): ReplyDefinition<Body, Body, Type>;
  <Body extends JsonBody<Body>>(): ReplyDefinition<Body, Body, Type>;
  <S extends StandardSchema<object, object>>(schema: S): ReplyDefinition<SchemaOutput<S>, SchemaInput<S>, Type>;
} & BodyMissing<"reply"> {
  requireMessageType(type);
  return withBody((schema) => define<ReplyDefinition<object, never, Type>>({ kind: "reply", type }, schema));
}

/** What a definition is before its body is said. Only its type has this `kind`: it is what TypeScript shows where a definition is wanted. */
interface BodyMissing<Kind extends MessageKind> {
  readonly type: string;
  readonly kind: `Call it once more to say the body: ${Kind}("…")<{ … }>() or ${Kind}("…")(schema)`;
}

/** The types of the body are the callers' matter. */
const withBody = <Definition>(define: (schema?: StandardSchema) => unknown): Definition => define as Definition;

function allBaseTypes(type: string, bases: readonly MessageIdentity[]): readonly string[] {
  for (const base of bases) if (base.kind !== "event" || base.isBase !== true) throw new NotABase(type, base.type);
  return [...new Set([...bases.map((base) => base.type), ...bases.flatMap(({ baseTypes = [] }) => baseTypes)])];
}

function define<Definition extends MessageIdentity>(
  identity: MessageIdentity,
  schema: StandardSchema | undefined,
): Definition {
  const make = (body: object): Message => Object.freeze({ definition, body });
  const definition = Object.freeze(
    Object.assign(make, schema === undefined ? identity : { ...identity, schema }),
  ) as unknown as Definition;
  return definition;
}
