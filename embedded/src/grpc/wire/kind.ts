import type { Reader, WireType } from "./reader.ts";
import type { Writer } from "./writer.ts";

/**
 * How one value travels, its field's tag apart. `Out` is what reading gives, `In` what writing takes:
 * messages are read in full and written from what the caller cares to set.
 */
export interface Kind<Out, In = Out> {
  readonly wireType: WireType;
  /** What a field that is absent reads as. */
  readonly absent: Out | undefined;
  readonly read: (reader: Reader) => Out;
  readonly write: (writer: Writer, value: In) => void;
  /** Whether a value of a plain field goes without saying, so that it is left out. */
  readonly isAbsent: (value: In) => boolean;
}

/** A kind whose absent value is a value like any other, as proto3 has it for all but messages. */
export interface Scalar<Out, In = Out> extends Kind<Out, In> {
  readonly absent: Out;
}

/** Any kind, whatever it reads and writes. */
export type AnyKind = Kind<unknown, never>;

export type KindOut<K> = K extends Kind<infer Out, never> ? Out : never;
export type KindIn<K> = K extends Kind<unknown, infer In> ? In : never;
