/**
 * What of `@node-ts/bus-core` a transport has to do with, in words of its own: so the types of this package are whole where the bus is
 * not installed, and those of several of its versions fit. That they do is compiled in its tests.
 */

/** A message of the bus: a class that extends `Command`, `Event` or `Message`. */
export interface BusMessage {
  readonly $name: string;
  readonly $version: number;
}

export interface BusAttributeMap {
  [name: string]: string | number | boolean | undefined;
}

/** What travels beside a message. */
export interface BusAttributes {
  correlationId?: string;
  /** Of this message alone. */
  attributes: BusAttributeMap;
  /** Of it and of all that it leads to. */
  stickyAttributes: BusAttributeMap;
}

/** A message as the bus pulls it. */
export interface BusTransportMessage<Raw> {
  id: string | undefined;
  domainMessage: BusMessage;
  raw: Raw;
  attributes: BusAttributes;
}

/** A message of which the bus has something to say. */
export type SomeTransportMessage = BusTransportMessage<unknown>;

export interface BusHandlerRegistry {
  getMessageNames(): string[];
  getExternallyManagedTopicIdentifiers(): string[];
}

/** What the bus lends to its transport. */
export interface BusDependencies {
  readonly handlerRegistry: BusHandlerRegistry;
  readonly messageSerializer: {
    serialize(message: BusMessage): string;
    deserialize(text: string): BusMessage;
  };
  readonly loggerFactory: (name: string) => {
    debug(message: string, details?: object): void;
    warn(message: string, details?: object): void;
    error(message: string, details?: object): void;
  };
  readonly retryStrategy: { calculateRetryDelay(failures: number): number };
}

/** Who the transport is got ready for. */
export interface BusInitialization {
  readonly handlerRegistry: BusHandlerRegistry;
  readonly sendOnly: boolean;
}
