/**
 * Has powers with whole exponents as exact as the server's engine has them: QuickJS's own are off in the last digit, so that
 * `10 ** -5` is no 0.00001. Answers what stands for the operator. Runs inside the sandbox; see `source.ts`.
 */
export function revisePowers(): (base: unknown, exponent: unknown) => unknown {
  const { pow } = Math;
  /** Beyond these there is no room for the halves of a product. */
  const SMALLEST = 1e-140;
  const GREATEST = 1e140;
  const HALVES = 2 ** 27 + 1;

  const revised = { pow: (base: unknown, exponent: unknown) => raised(+(base as number), +(exponent as number)) };
  Object.defineProperty(Math, "pow", { value: revised.pow, writable: true, enumerable: false, configurable: true });
  return (base, exponent) => {
    if (typeof base === "number" && typeof exponent === "number") return raised(base, exponent);
    return (base as number) ** (exponent as number);
  };

  function raised(base: number, exponent: number): number {
    const plain = pow(base, exponent);
    const size = Math.abs(plain);
    const isWhole = Number.isInteger(exponent) && exponent !== 0 && exponent !== 1;
    return isWhole && size > SMALLEST && size < GREATEST ? exactly(base, exponent) : plain;
  }

  /** By squaring, with what each product loses kept beside it. */
  function exactly(base: number, exponent: number): number {
    let result: readonly [number, number] = [1, 0];
    let square: readonly [number, number] = [base, 0];
    for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = product(result, square);
      if (rest > 1) square = product(square, square);
    }
    const [high, low] = result;
    if (exponent > 0) return high + low;
    const inverse = 1 / high;
    const [whole, lost] = exactProduct(inverse, high);
    return inverse + (1 - whole - lost - inverse * low) / high;
  }

  function product([a, aLow]: readonly [number, number], [b, bLow]: readonly [number, number]): [number, number] {
    const [high, lost] = exactProduct(a, b);
    const low = lost + (a * bLow + aLow * b);
    const sum = high + low;
    return [sum, low - (sum - high)];
  }

  /** A product, and what its rounding has lost, by Dekker's halves. */
  function exactProduct(a: number, b: number): [number, number] {
    const [aHigh, aLow] = halves(a);
    const [bHigh, bLow] = halves(b);
    const high = a * b;
    return [high, aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
  }

  function halves(value: number): [number, number] {
    const scaled = HALVES * value;
    const high = scaled - (scaled - value);
    return [high, value - high];
  }
}
