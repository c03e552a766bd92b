/** Where a server is. */
export interface Address {
  /** A name or a number; one of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}
