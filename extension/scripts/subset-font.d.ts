/** The package has no types of its own. */
declare module "subset-font" {
  /** The font with nothing but what the text needs. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { readonly targetFormat: "truetype" | "woff" | "woff2" },
  ): Promise<Buffer>;
}
