/** Who calls, and the proof. Held only while a connection is opened; never logged, never part of an error. */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}
