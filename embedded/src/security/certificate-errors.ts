/** A certificate or its key that was given is no use. */
export class CertificateUnusableError extends Error {
  override readonly name = "CertificateUnusableError";
  readonly path: string;

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(
      `${path} cannot be used for TLS: ${problem}. Give a certificate and its key in PEM with --cert and --key, or have one made with --tls.`,
      options,
    );
    this.path = path;
  }
}
