/** A part of a text, from its first character to the one after its last, both from 0. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}
