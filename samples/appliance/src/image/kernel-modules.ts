/** A kernel module: its name without `.ko`, and the names of those it needs. */
export interface KernelModule {
  readonly name: string;
  readonly needs: readonly string[];
}

/** What a module says of itself; the kernel's own tools write the same into `modules.dep`. */
export function needsOf(module: Buffer): readonly string[] {
  const at = module.indexOf("\0depends=");
  if (at < 0) return [];
  const begin = at + "\0depends=".length;
  const names = module.toString("latin1", begin, module.indexOf(0, begin));
  return names === "" ? [] : names.split(",").map((name) => name.replaceAll("-", "_"));
}

/**
 * These modules and all that they need, each after what it needs itself: the order in which they are to be loaded.
 * @param find a module by its name; undefined where it is built into the kernel.
 */
export function loadOrder(
  names: readonly string[],
  find: (name: string) => KernelModule | undefined,
): readonly string[] {
  const order = new Set<string>();
  const load = (name: string): void => {
    const module = find(name);
    if (module === undefined || order.has(name)) return;
    module.needs.forEach(load);
    order.add(name);
  };
  names.forEach(load);
  return [...order];
}
